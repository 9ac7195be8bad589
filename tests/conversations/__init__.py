"""Tests of conversations by the front door."""
