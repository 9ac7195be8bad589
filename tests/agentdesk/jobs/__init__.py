"""Tests of `agentdesk/jobs/`."""
