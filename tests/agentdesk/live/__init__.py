"""Tests of `agentdesk/live/`."""
