"""Tests of `conversations/setup/`."""
