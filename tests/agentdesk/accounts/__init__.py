"""Tests of `agentdesk/accounts/`."""
