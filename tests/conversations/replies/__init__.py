"""Tests of `conversations/replies/`."""
