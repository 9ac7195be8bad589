"""Refresh tokens of Google and Microsoft mailboxes: kept sealed, renewed as they are."""

import json
from datetime import datetime

from django.db import transaction

from agentdesk import credentials
from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.models import Inbox, InboxConnection


@transaction.atomic
def keep_refresh_token(
    inbox: Inbox, token: str, *, actor: User | None, until: datetime | None = None
) -> None:
    """None as `actor`: the provider has renewed it by itself, which is no news."""
    connection = InboxConnection.objects.select_for_update(no_key=True).get(inbox=inbox)
    secrets = json.loads(credentials.unseal(connection.secrets) or "{}")
    if secrets.get("refresh_token") == token:
        return
    connection.secrets = credentials.seal(
        json.dumps({**secrets, "refresh_token": token})
    )
    connection.token_expires_at = until
    connection.trouble, connection.trouble_detail = "", ""
    connection.trouble_since = None
    connection.save(
        update_fields=[
            *("secrets", "token_expires_at"),
            *("trouble", "trouble_detail", "trouble_since"),
        ]
    )
    if actor is not None:
        log.record("inbox.signed_in", inbox, actor=actor)
