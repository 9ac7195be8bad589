"""Tests of `conversations/calls/`."""
