"""What an admin pastes to connect a bot, and what Telegram says of it.

The desk tells Telegram its address by itself, with a secret that comes back with every
update. Source: Telegram Bot API, "getMe", "setWebhook", "getWebhookInfo".
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Connection, Field, Report
from conversations.adapters.failures import SendError
from conversations.adapters.telegram.client import TelegramClient
from conversations.choices import FailureCode

FIELDS = (
    Field(
        "bot_token",
        _("Bot token"),
        help=_("Digits, a colon, 35 letters. Whoever has it writes as your bot."),
        where=_("Telegram > @BotFather > /mybots > your bot > API Token"),
        pattern=r"[0-9]{5,16}:[A-Za-z0-9_-]{30,60}",
        is_secret=True,
    ),
)
UPDATES = ("message", "edited_message", "my_chat_member")
_NOT_SET = _(
    "Telegram does not take our address: it has to begin with https:// and use port "
    "443, 80, 88 or 8443."
)
_NOT_REACHED = _("Telegram could not reach our address with its last message.")
_NO_BOT = _("This token is of no bot.")


def webhook_secret(token: str, inbox_key: str) -> str:
    """What every update of the inbox carries: nobody has to make one up or paste it."""
    return hmac.new(
        token.encode(), f"webhook:{inbox_key}".encode(), hashlib.sha256
    ).hexdigest()


def report(connection: Connection) -> Report:
    """Asks who the bot is, and has its updates sent to us. Raises SendError."""
    client = TelegramClient(connection)
    bot = _object(client.call("getMe"))
    username = str(bot.get("username", ""))
    findings = _findings(client, connection) if bot.get("is_bot") else [_NO_BOT]
    return Report(
        address=f"@{username}" if username else "",
        name=str(bot.get("first_name", "")),
        findings=findings,
    )


def _findings(client: TelegramClient, connection: Connection) -> list[str]:
    """What it could not deliver is told before it is asked anew, which wipes it out."""
    before = _object(client.call("getWebhookInfo"))
    token = connection.secrets.get("bot_token", "")
    try:
        client.call(
            "setWebhook",
            {
                "url": connection.public_url,
                "secret_token": webhook_secret(token, connection.inbox_key),
                "allowed_updates": UPDATES,
            },
        )
    except SendError as error:
        if not error.permanent or error.code == FailureCode.CREDENTIALS:
            raise
        return [_NOT_SET]
    is_ours = before.get("url") == connection.public_url
    waits = bool(before.get("last_error_date")) and before.get("pending_update_count")
    return [_NOT_REACHED] if is_ours and waits else []


def _object(result: Any) -> Mapping[str, Any]:
    return result if isinstance(result, dict) else {}
