"""Tests of `conversations/outbound/`."""
