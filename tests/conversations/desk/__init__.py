"""Tests of `conversations/desk/`."""
