"""How an inbox reaches its provider: what admins paste, and what becomes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agentdesk import crypto as credentials
from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.adapters.base import Report
from conversations.adapters.failures import SendError
from conversations.adapters.registry import ADAPTERS
from conversations.adapters.renewal import Setup
from conversations.live import events
from conversations.models import Inbox, InboxConnection

# So long the secrets before a rotation still verify what the provider posts.
OVERLAP = timedelta(hours=24)


@dataclass
class Checked:
    """What a provider was called with; `secrets` where it renewed some meanwhile."""

    settings: Setup
    sealed: str
    secrets: Setup | None = None


@transaction.atomic
def save_connection(
    inbox: Inbox,
    *,
    actor: User | None,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
) -> bool:
    """Keep what the admin typed; a secret that is left empty stays as it is.

    The secrets that are replaced verify for a day. A change voids the last check,
    but of what the provider is not asked about. The log tells which fields changed,
    never to what. False where nothing differs.
    """
    connection = _locked(inbox)
    before = read_secrets(connection)
    changed = [
        name for name in settings if settings[name] != connection.settings.get(name)
    ]
    renewed = [name for name, value in secrets.items() if value]
    renewed = [name for name in renewed if secrets[name] != before.get(name)]
    if not changed and not renewed:
        return False
    connection.settings = {**connection.settings, **settings}
    if renewed:
        if any(before.get(name) for name in renewed):
            connection.earlier_secrets = connection.secrets
            connection.earlier_until = timezone.now() + OVERLAP
        fresh = {name: secrets[name] for name in renewed}
        connection.secrets = credentials.seal(json.dumps({**before, **fresh}))
    ours = {one.name for one in ADAPTERS[inbox.channel].fields if one.is_ours}
    if renewed or not ours.issuperset(changed):
        connection.checked_at = None
        connection.token_expires_at = None
    connection.save(
        update_fields=[
            *("settings", "secrets", "earlier_secrets", "earlier_until"),
            *("checked_at", "token_expires_at"),
        ]
    )
    after = {"fields": [*changed, *renewed]}
    log.record("inbox.connection_changed", inbox, actor=actor, after=after)
    events.inbox_changed(inbox)
    return True


def read_secrets(connection: InboxConnection) -> dict[str, str]:
    """Raises UnsealError."""
    if not connection.secrets:
        return {}
    return dict(json.loads(credentials.unseal(connection.secrets)))


@transaction.atomic
def forget_earlier_secrets(inbox: Inbox, *, actor: User | None) -> bool:
    """The secrets before the last rotation verify no more, from now on."""
    connection = _locked(inbox)
    if not connection.earlier_secrets:
        return False
    connection.earlier_secrets, connection.earlier_until = "", None
    connection.save(update_fields=["earlier_secrets", "earlier_until"])
    log.record("inbox.earlier_forgotten", inbox, actor=actor)
    events.inbox_changed(inbox)
    return True


@transaction.atomic
def note_report(
    inbox: Inbox, report: Report, *, actor: User | None, of: Checked
) -> bool:
    """The provider has answered our call; False where the connection changed meanwhile."""
    connection = _locked(inbox)
    if not _is_same(connection, of):
        return False
    connection.address = report.address[:200] or connection.address
    connection.provider_name = report.name[:200] or connection.provider_name
    connection.token_expires_at = report.token_expires_at
    facts = {**connection.facts, **report.facts, "findings": list(report.findings)}
    connection.facts = facts
    connection.checked_at = timezone.now()
    connection.trouble, connection.trouble_detail = "", ""
    connection.trouble_since = None
    connection.save(
        update_fields=[
            *("address", "provider_name", "token_expires_at", "facts", "checked_at"),
            *("trouble", "trouble_detail", "trouble_since"),
        ]
    )
    after = {"findings": len(report.findings)}
    log.record("inbox.checked", inbox, actor=actor, after=after)
    events.inbox_changed(inbox)
    return True


@transaction.atomic
def note_failed_check(
    inbox: Inbox, error: SendError, *, actor: User | None, of: Checked
) -> bool:
    """The provider has refused, or was not to be reached."""
    connection = _locked(inbox)
    if not _is_same(connection, of):
        return False
    connection.checked_at = None
    connection.trouble_since = (
        connection.trouble_since if connection.trouble == error.code else timezone.now()
    )
    connection.trouble, connection.trouble_detail = error.code[:40], error.detail[:300]
    connection.save(
        update_fields=["checked_at", "trouble", "trouble_detail", "trouble_since"]
    )
    after = {"code": str(error.code)}
    log.record("inbox.check_failed", inbox, actor=actor, after=after)
    events.inbox_changed(inbox)
    return True


def _locked(inbox: Inbox) -> InboxConnection:
    return InboxConnection.objects.select_for_update(no_key=True).get(inbox=inbox)


def _is_same(connection: InboxConnection, checked: Checked) -> bool:
    """Whether the answer is about what is set now."""
    if connection.settings != checked.settings:
        return False
    if checked.secrets is not None:
        return read_secrets(connection) == checked.secrets
    return connection.secrets == checked.sealed
