"""Tokens that a provider replaces as they are used: exchanged by one process, and kept."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

from django.db import (
    Error,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone

from agentdesk import crypto as credentials
from conversations.adapters.base import Adapter
from conversations.adapters.events import Notice
from conversations.adapters.failures import SendError
from conversations.adapters.registry import ADAPTERS
from conversations.adapters.renewal import Renew, Renewed, Setup
from conversations.choices import FailureCode
from conversations.connections.connection import connection_of, unsealed
from conversations.connections.notice import apply_notice
from conversations.models import Inbox, InboxConnection

_PAUSES = (0.1, 0.5, 2.0)  # seconds before the next try to store


def connected(inbox: Inbox, *, renew: Renew | None = None) -> Adapter:
    """The adapter of an inbox that is going to call its provider."""
    renew = renew or partial(renew_secrets, inbox.pk)
    return ADAPTERS[inbox.channel](replace(connection_of(inbox), renew=renew))


def renew_secrets(
    inbox_id: int, exchange: Callable[[Setup], Renewed], *, stale: Setup
) -> Setup:
    """See `adapters.renewal.Renew`. Raises SendError.

    A provider takes such a token once: two that exchange it at a time would lock the
    inbox out, and so would a token that is rolled back with what fails after it. They
    take turns, and what the provider has given is committed before anything else goes
    on: never called inside a transaction.
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
    with _turn(inbox_id):
        before = _secrets_now(inbox_id)
        if any(before.get(name) != value for name, value in stale.items()):
            return before
        return _store_surely(inbox_id, exchange(before), stale)


@contextmanager
def _turn(inbox_id: int) -> Iterator[None]:
    """A lock of the session: no transaction stands open while the provider is asked."""
    name = [f"renew:{inbox_id}"]
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", name)
    try:
        yield
    finally:
        # A connection that has died has let go of it already.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", name)


@transaction.atomic(durable=True)
def _secrets_now(inbox_id: int) -> Setup:
    """Durable: RuntimeError inside a transaction, before the token is spent."""
    return unsealed(InboxConnection.objects.get(pk=inbox_id).secrets)


def _store_surely(inbox_id: int, renewed: Renewed, stale: Setup) -> Setup:
    """The provider takes the old token no more: the database is asked several times."""
    for pause in _PAUSES:
        try:
            return _store(inbox_id, renewed, stale)
        except (OperationalError, InterfaceError):
            # One that lives holds the turn, and would keep it in the pool for ever.
            if not connection.is_usable():
                connection.close()
            time.sleep(pause)
    return _store(inbox_id, renewed, stale)


@transaction.atomic(durable=True)
def _store(inbox_id: int, renewed: Renewed, stale: Setup) -> Setup:
    """An admin who has pasted others in their place meanwhile is right."""
    stored = InboxConnection.objects.select_for_update(no_key=True).get(pk=inbox_id)
    now = unsealed(stored.secrets)
    if any(now.get(name) != value for name, value in stale.items()):
        return now
    after = {**now, **renewed.secrets}
    stored.secrets = credentials.seal(json.dumps(after))
    stored.token_expires_at = renewed.expires_at
    if stored.trouble == FailureCode.CREDENTIALS:
        stored.trouble, stored.trouble_detail, stored.trouble_since = "", "", None
    stored.save(
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
