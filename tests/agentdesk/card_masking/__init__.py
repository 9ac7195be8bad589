"""Tests of `agentdesk/card_masking/`."""
