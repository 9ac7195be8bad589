"""Tests of `agentdesk/audit/`."""
