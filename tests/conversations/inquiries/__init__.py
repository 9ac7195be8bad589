"""Tests of `conversations/inquiries/`."""
