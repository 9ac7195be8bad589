"""Tests of `agentdesk/web/`."""
