"""Keeping what a provider posts, before anything is made of it."""

import hashlib
from collections.abc import Sequence
from typing import Any

import structlog
from django.db import connection
from django.utils import timezone

from conversations.adapters.base import Adapter, WebhookRequest
from conversations.adapters.failures import InvalidPayloadError
from conversations.adapters.masking import masked_bytes
from conversations.adapters.raw import RawEvent
from conversations.choices import EventLane, EventState
from conversations.connections.connection import inboxes_of
from conversations.live import events as live
from conversations.models import (
    Inbox,
    InboxConnection,
    InboxRefusals,
    ProviderEvent,
)

log = structlog.get_logger(__name__)

_INSERT = f"""
    insert into {ProviderEvent._meta.db_table}
        (account_id, inbox_id, provider_event_id, body, state, reason, attempts,
         received_at, lane)
    select %s, %s, event.id, event.body, %s, '', 0, %s, event.lane
    from unnest(%s::text[], %s::bytea[], %s::smallint[]) as event (id, body, lane)
    on conflict (inbox_id, provider_event_id) do nothing
    returning id
"""  # noqa: S608  # a name of our own


def store_events(
    inbox: Inbox, adapter: Adapter, request: WebhookRequest
) -> Sequence[int]:
    """Keep every event of a verified request; the inboxes that have something new.

    What cannot even be taken apart is kept whole, and fails where it is understood.
    What is of another inbox, of the same app at the provider, is kept there.
    """
    try:
        events = adapter.split(request)
    except InvalidPayloadError:
        events = [_whole(request.body)]
    except Exception:
        # A fault of ours must not turn away what a provider will not send again.
        log.exception("request_not_split", inbox=inbox.pk)
        events = [_whole(request.body)]
    if not events:
        note_arrival(inbox)  # the provider only tries whether we are there
    homes = _homes(inbox, adapter, request, events)
    by_inbox: dict[Inbox, list[RawEvent]] = {}
    for event in events:
        by_inbox.setdefault(homes.get(event.account, inbox), []).append(event)
    return [one.pk for one, theirs in by_inbox.items() if insert_events(one, theirs)]


def _whole(body: bytes) -> RawEvent:
    digest = hashlib.sha256(body).hexdigest()
    return RawEvent(digest, masked_bytes(body), is_message=False)


def _homes(
    inbox: Inbox, adapter: Adapter, request: WebhookRequest, events: Sequence[RawEvent]
) -> dict[str, Inbox]:
    """Of the accounts that are not this inbox's: those we have an inbox for."""
    others = {event.account for event in events} - {"", adapter.own_account}
    return inboxes_of(others, request, beside=inbox) if others else {}


def store_event(inbox: Inbox, event_id: str, body: bytes) -> tuple[ProviderEvent, bool]:
    """Keep one event; True when it is a new one."""
    return ProviderEvent.objects.get_or_create(
        inbox=inbox,
        provider_event_id=event_id,
        defaults={"account_id": inbox.account_id, "body": body},
    )


def note_arrival(inbox: Inbox) -> None:
    """The provider finds us: the step of the set-up that waits for it turns green."""
    is_first = InboxConnection.objects.filter(inbox=inbox, tested_at=None).update(
        tested_at=timezone.now()
    )
    if is_first:
        live.inbox_changed(inbox)


def insert_events(inbox: Inbox, events: Sequence[RawEvent]) -> Sequence[int]:
    """One statement, whatever their number."""
    if not events:
        return []
    ids = [_short(event.id) for event in events]
    bodies = [event.body for event in events]
    state, now = EventState.PENDING.value, timezone.now()
    lanes = [EventLane.MESSAGE if one.is_message else EventLane.OTHER for one in events]
    values: list[Any] = [inbox.account_id, inbox.pk, state, now, ids, bodies, lanes]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return [pk for (pk,) in cursor.fetchall()]


def _short(event_id: str) -> str:
    """The id, or a digest of one that is too long or holds what no column does."""
    if len(event_id) <= 200 and event_id.isprintable():
        return event_id
    return hashlib.sha256(event_id.encode(errors="surrogatepass")).hexdigest()


def count_refusal(inbox: Inbox) -> None:
    """A request that was not the provider's: all we keep of it is that it came."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            insert into {InboxRefusals._meta.db_table} as kept (inbox_id, day, count)
            values (%s, %s, 1)
            on conflict (inbox_id, day) do update set count = kept.count + 1
            returning count
            """,  # noqa: S608  # a name of our own
            [inbox.pk, timezone.localdate()],
        )
        (count,) = cursor.fetchone()
    if count == 1:  # an attack is no news each time
        live.inbox_changed(inbox)
