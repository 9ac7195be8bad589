"""What a provider's sign-in page has given: kept sealed; `renew_secrets` goes on from it."""

import json

from django.db import transaction

from agentdesk import crypto as credentials
from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.adapters.registry import ADAPTERS
from conversations.adapters.renewal import Setup
from conversations.live import events
from conversations.models import Inbox, InboxConnection


@transaction.atomic
def store_sign_in(inbox: Inbox, given: Setup, *, actor: User) -> None:
    connection = InboxConnection.objects.select_for_update(no_key=True).get(inbox=inbox)
    secrets = json.loads(credentials.unseal(connection.secrets) or "{}")
    if all(secrets.get(name) == value for name, value in given.items()):
        return
    connection.secrets = credentials.seal(json.dumps({**secrets, **given}))
    connection.token_expires_at = None
    # Perhaps as another account than before.
    connection.facts.pop(ADAPTERS[inbox.channel].account, None)
    connection.trouble, connection.trouble_detail = "", ""
    connection.trouble_since = None
    connection.save(
        update_fields=[
            *("secrets", "token_expires_at", "facts"),
            *("trouble", "trouble_detail", "trouble_since"),
        ]
    )
    log.record("inbox.signed_in", inbox, actor=actor)
    events.inbox_changed(inbox)
