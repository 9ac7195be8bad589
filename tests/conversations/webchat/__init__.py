"""Tests of `conversations/webchat/`."""
