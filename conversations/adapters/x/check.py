"""Whether X lets us in, and whether it posts to our address."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Report
from conversations.adapters.failures import SendError
from conversations.adapters.x.client import XClient


def report(client: XClient, connection: Connection) -> Report:
    """Raises SendError."""
    me = client.me()
    findings = list(_of_address(connection.public_url))
    if connection.secrets.get("bearer_token"):
        findings += _of_webhook(client, connection, str(me.get("id", "")))
    return Report(
        address=f"@{me.get('username', '')}",
        name=str(me.get("name", ""))[:200],
        findings=findings,
        facts={"user_id": str(me.get("id", ""))},
    )


def _of_address(url: str) -> Sequence[str]:
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.port:
        return [_("X posts only to https addresses without a port.")]
    return []


def _of_webhook(client: XClient, connection: Connection, user_id: str) -> list[str]:
    doors = [
        one
        for one in client.webhooks()
        if connection.has_door_at(str(one.get("url", "")))
    ]
    own = [one for one in doors if one.get("url") == connection.public_url]
    mine = next(iter(own or doors), None) or _registered(client, connection.public_url)
    if mine is None:
        return [_("Our address is not registered as a webhook of the app.")]
    findings = []
    if not mine.get("valid"):
        findings.append(
            _("X has found our address not to answer: have it checked again.")
        )
    if not _is_subscribed(client, str(mine.get("id", "")), user_id):
        findings.append(_("The account is not subscribed to the webhook."))
    return findings


def _registered(client: XClient, url: str) -> dict[str, Any] | None:
    """X has no form for it: asked for where it is not done yet."""
    try:
        return client.register(url)
    except SendError as error:
        if not error.permanent:
            raise
        return None


def _is_subscribed(client: XClient, webhook_id: str, user_id: str) -> bool:
    """The same of the account's events."""
    if user_id in client.subscribers(webhook_id):
        return True
    try:
        client.subscribe(webhook_id)
    except SendError as error:
        if not error.permanent:
            raise
        return False
    return True
