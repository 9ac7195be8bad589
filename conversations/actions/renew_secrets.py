"""Tokens that a provider replaces as they are used: exchanged by one process, and kept."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

import structlog
from django.db import (
    Error,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone

from agentdesk import credentials
from conversations.actions.receive_event import apply_notice
from conversations.adapters.base import Adapter
from conversations.adapters.events import Notice
from conversations.adapters.failures import SendError
from conversations.adapters.registry import ADAPTERS
from conversations.adapters.renewal import Renew, Renewed, Setup
from conversations.choices import FailureCode
from conversations.models import Inbox, InboxConnection
from conversations.selectors.connection import connection_of, unsealed

log = structlog.get_logger(__name__)

_ATTEMPTS = 10
_PAUSE_SECONDS = 0.5


def connected(inbox: Inbox, *, renew: Renew | None = None) -> Adapter:
    """The adapter of an inbox that is going to call its provider."""
    renew = renew or partial(renew_secrets, inbox.pk)
    return ADAPTERS[inbox.channel](replace(connection_of(inbox), renew=renew))


def renew_secrets(
    inbox_id: int, exchange: Callable[[Setup], Renewed], *, stale: Setup
) -> Setup:
    """See `adapters.renewal.Renew`. Raises SendError.

    A provider takes such a token once: two that exchange it at a time would lock the
    inbox out. So they take turns, by a lock that keeps no row from anybody else.
    """
    try:
        return _take_turn(inbox_id, exchange, stale)
    except SendError as error:
        if error.permanent:
            _note_trouble(inbox_id, error)
        raise


def _take_turn(
    inbox_id: int, exchange: Callable[[Setup], Renewed], stale: Setup
) -> Setup:
    """In no transaction: what is rolled back would throw away a token that works once."""
    with _turn(f"renew:{inbox_id}"):
        before = unsealed(InboxConnection.objects.get(pk=inbox_id).secrets)
        if any(before.get(name) != value for name, value in stale.items()):
            return before
        return _keep_surely(inbox_id, exchange(before), stale)


@contextmanager
def _turn(name: str) -> Iterator[None]:
    """A connection that dies meanwhile has let go of it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _keep_surely(inbox_id: int, renewed: Renewed, stale: Setup) -> Setup:
    """The provider takes the old token no more, so one lost connection is not the end."""
    for _attempt in range(_ATTEMPTS):
        try:
            return _keep(inbox_id, renewed, stale)
        except (OperationalError, InterfaceError) as error:
            log.warning("token_not_kept_yet", inbox=inbox_id, error=str(error))
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(_PAUSE_SECONDS)
    return _keep(inbox_id, renewed, stale)


@transaction.atomic
def _keep(inbox_id: int, renewed: Renewed, stale: Setup) -> Setup:
    """An admin who has pasted others in their place meanwhile is right."""
    kept = InboxConnection.objects.select_for_update(no_key=True).get(pk=inbox_id)
    now = unsealed(kept.secrets)
    if any(now.get(name) != value for name, value in stale.items()):
        return now
    after = {**now, **renewed.secrets}
    kept.secrets = credentials.seal(json.dumps(after))
    kept.token_expires_at = renewed.expires_at
    if kept.trouble == FailureCode.CREDENTIALS:
        kept.trouble, kept.trouble_detail, kept.trouble_since = "", "", None
    kept.save(
        update_fields=[
            "secrets",
            "token_expires_at",
            "trouble",
            "trouble_detail",
            "trouble_since",
        ]
    )
    return after


@transaction.atomic
def _note_trouble(inbox_id: int, error: SendError) -> None:
    inbox = Inbox.objects.get(pk=inbox_id)
    notice = Notice(error.code, error.detail)
    apply_notice(inbox, notice, received_at=timezone.now())
