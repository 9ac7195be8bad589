"""Tests of `agentdesk/ops/`."""
