"""Tests of `conversations/adapters/`."""
