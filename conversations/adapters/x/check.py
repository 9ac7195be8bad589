"""Whether X lets us in, and whether it posts to our address."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Report
from conversations.adapters.x.client import XClient


def report(client: XClient, connection: Connection) -> Report:
    """Raises SendError."""
    me = client.me()
    findings = list(_of_address(connection.public_url))
    if connection.secrets.get("bearer_token"):
        findings += _of_webhook(client, connection.public_url, str(me.get("id", "")))
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


def _of_webhook(client: XClient, url: str, user_id: str) -> list[str]:
    mine = next((one for one in client.webhooks() if one.get("url") == url), None)
    if mine is None:
        return [_("Our address is not registered as a webhook of the app.")]
    findings = []
    if not mine.get("valid"):
        findings.append(
            _("X has found our address not to answer: have it checked again.")
        )
    if user_id not in client.subscribers(str(mine.get("id", ""))):
        findings.append(_("The account is not subscribed to the webhook."))
    return findings
