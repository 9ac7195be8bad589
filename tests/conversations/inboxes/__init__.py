"""Tests of `conversations/inboxes/`."""
