"""What an admin pastes to connect LINE, and what LINE says of it."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Field, Report
from conversations.adapters.failures import SendError
from conversations.adapters.line.client import LineClient

FIELDS = (
    Field(
        "channel_secret",
        _("Channel secret"),
        help=_("32 letters and digits. With it we know that an event is from LINE."),
        where=_("LINE Developers Console > your channel > Basic settings"),
        pattern=r"[0-9a-f]{32}",
        is_secret=True,
    ),
    Field(
        "channel_access_token",
        _("Channel access token (long-lived)"),
        help=_("Press “Issue” there, and paste what appears."),
        where=_("LINE Developers Console > your channel > Messaging API"),
        pattern=r"\S{20,1000}",
        is_secret=True,
    ),
    Field(
        "account_link_url",
        _("Sign-in page of the shop for linking"),
        help=_(
            "Where a customer links LINE with their account at the shop. "
            "We add ?linkToken=… to it. Leave it empty to do without."
        ),
        pattern=r"(?:https:/)?/\S{1,500}",
        is_required=False,
        is_ours=True,
    ),
)
_NO_ADDRESS = _("Paste our webhook address at LINE, and save it there.")
_OTHER_ADDRESS = _("LINE posts to another address: paste ours there instead.")
_NOT_USED = _("Turn on “Use webhook” at LINE.")
_NOT_REACHED = _("LINE could not reach our webhook address.")


def report(connection: Connection) -> Report:
    """Raises SendError where LINE does not know us."""
    client = LineClient(connection)
    bot = client.get("/v2/bot/info")
    endpoint = _endpoint(client)
    return Report(
        address=str(bot.get("premiumId") or bot.get("basicId") or ""),
        name=str(bot.get("displayName", "")),
        findings=_findings(client, endpoint, connection.public_url),
        facts={
            "bot_user_id": str(bot.get("userId", "")),
            "chat_mode": str(bot.get("chatMode", "")),
            "mark_as_read_mode": str(bot.get("markAsReadMode", "")),
            "checked": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )


def _endpoint(client: LineClient) -> dict[str, Any]:
    try:
        return client.get("/v2/bot/channel/webhook/endpoint")
    except SendError as error:
        if error.status == 404:  # none is set
            return {}
        raise


def _findings(client: LineClient, endpoint: dict[str, Any], ours: str) -> list[str]:
    address = str(endpoint.get("endpoint", ""))
    if not address:
        return [_NO_ADDRESS]
    if address.rstrip("/") != ours.rstrip("/"):
        return [_OTHER_ADDRESS]
    if not endpoint.get("active"):
        return [_NOT_USED]
    tested = client.post("/v2/bot/channel/webhook/test", {"endpoint": ours})
    return [] if tested.get("success") else [_NOT_REACHED]
