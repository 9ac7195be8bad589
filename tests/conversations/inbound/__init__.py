"""Tests of `conversations/inbound/`."""
