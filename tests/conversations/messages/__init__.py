"""Tests of `conversations/messages/`."""
