"""Keeping what a provider posts, before anything is made of it."""

import hashlib
from collections.abc import Sequence
from typing import Any

import structlog
from django.db import connection
from django.utils import timezone

from agentdesk.batching import Together
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

Posted = tuple[Inbox, RawEvent]

# Keys in the order of arrival, in which events are taken up, whatever the order of rows.
_INSERT = f"""
    with reserved as (
        select array_agg(key order by key) as keys from (
            select nextval(
                pg_get_serial_sequence('{ProviderEvent._meta.db_table}', 'id')
            ) as key from generate_series(1, %s)
        ) as numbers
    )
    insert into {ProviderEvent._meta.db_table}
        (id, account_id, inbox_id, provider_event_id, body, state, reason, attempts,
         received_at, lane)
    select reserved.keys[event.place], event.account, event.inbox, event.id, event.body,
        %s, '', 0, %s, event.lane
    from reserved, unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bytea[],
        %s::smallint[], %s::int[])
    as event (account, inbox, id, body, lane, place)
    on conflict (inbox_id, provider_event_id) do nothing
    returning id, inbox_id, provider_event_id
"""  # noqa: S608  # a name of our own


def store_events(
    inbox: Inbox, adapter: Adapter, request: WebhookRequest
) -> Sequence[int]:
    """Keep every event of a verified request; the inboxes to be taken up because of it.

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
    posted = [(one, event) for one, theirs in by_inbox.items() for event in theirs]
    inboxes = None if connection.in_atomic_block else _AT_ONCE.submit(posted)
    return _store_several([posted])[0] if inboxes is None else inboxes


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
    return [pk for pk, _inbox, _name in _insert([(inbox, one) for one in events])]


def _insert(posted: Sequence[Posted]) -> list[tuple[int, int, str]]:
    """The key, inbox and id of each that is new; in one order, for others insert too."""
    if not posted:
        return []
    named = [
        (inbox, _short(event.id), event, place)
        for place, (inbox, event) in enumerate(posted, start=1)
    ]
    named.sort(key=lambda one: (one[0].pk, one[1]))
    values: list[Any] = [
        len(named),
        EventState.PENDING.value,
        timezone.now(),
        [inbox.account_id for inbox, _name, _event, _place in named],
        [inbox.pk for inbox, _name, _event, _place in named],
        [name for _inbox, name, _event, _place in named],
        [event.body for _inbox, _name, event, _place in named],
        [_lane(event) for _inbox, _name, event, _place in named],
        [place for _inbox, _name, _event, place in named],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return list(cursor.fetchall())


def _lane(event: RawEvent) -> EventLane:
    return EventLane.MESSAGE if event.is_message else EventLane.OTHER


def _store_several(requests: Sequence[Sequence[Posted]]) -> list[Sequence[int]]:
    """What several requests have brought at once, in one statement and one commit.

    For each: the inboxes with something new, those left out that one before it names.
    """
    new = {
        (inbox, name)
        for _pk, inbox, name in _insert([one for posted in requests for one in posted])
    }
    named: set[int] = set()
    answers: list[Sequence[int]] = []
    for posted in requests:
        theirs = {
            inbox.pk for inbox, event in posted if (inbox.pk, _short(event.id)) in new
        }
        answers.append(sorted(theirs - named))
        named |= theirs
    return answers


_AT_ONCE = Together(_store_several)


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
