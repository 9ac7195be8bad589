"""Tests of `conversations.contents`."""
