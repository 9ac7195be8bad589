"""Telling one look at the steps of an inbox from the next."""

from agentdesk.crypto import digest
from conversations.models import Inbox

_OF_THE_CONNECTION = (
    "settings",
    "secrets",
    "earlier_until",
    "address",
    "provider_name",
    "checked_at",
    "tested_at",
    "token_expires_at",
    "trouble",
    "trouble_detail",
)


def steps_version(inbox: Inbox, seen: str, refusals: int) -> str:
    """`seen` tells one look at the test conversations from the next."""
    connection = inbox.connection
    values = [getattr(connection, name) for name in _OF_THE_CONNECTION]
    findings = connection.facts.get("findings", [])
    return digest(repr((inbox.state, values, findings, seen, refusals)))
