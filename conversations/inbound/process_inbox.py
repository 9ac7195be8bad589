"""Taking up the events that wait in an inbox."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.adapters.base import Adapter
from conversations.choices import EventLane, EventState, InboxState
from conversations.connections.connection import adapter_of
from conversations.inbound.begin_events import begin_events, put_back
from conversations.inbound.event_state import settle
from conversations.inbound.parse import parse
from conversations.inbound.process_event import (
    Aftermath,
    postpone_unknown,
    process_alone,
    process_together,
    put_away,
)
from conversations.inbound.shapes import Kind, ParsedEvent
from conversations.inbound.store import note_arrival
from conversations.models import Inbox, ProviderEvent
from conversations.sweeps.each import is_away

log = structlog.get_logger(__name__)

# A customer waits for the commit of those that came just before theirs.
MOST_AT_ONCE = 50
# What no customer waits for: so many in a run, and of those that go one by one so long,
# which is how long a message that comes meanwhile waits for them.
MOST_BEHIND = 200
_SLICE = 50
BEHIND_SECONDS = 0.1
BEHIND_SECONDS_IN_A_RUSH = 0.02
# A pending event this old was left behind by the broker: the sweep takes it up.
LEFT_BEHIND = timedelta(seconds=5)
# Nobody is open to customers yet, or any more: what comes waits.
_HOLDING = {InboxState.DRAFT, InboxState.STOPPED}


def process_inbox(pk: int) -> Iterator[Aftermath]:
    """Act on events that wait; a second run changes nothing.

    Customers' messages first, the oldest of them in one transaction where they follow
    each other. Behind them a bounded share of all else: receipts and the like, then
    what is tried again. After each: what is left to be done with the provider.
    """
    inbox = Inbox.objects.select_related("account", "queue", "connection").get(pk=pk)
    messages = _waiting(inbox, [EventLane.MESSAGE], MOST_AT_ONCE)
    behind = _waiting(inbox, [EventLane.OTHER, EventLane.RETRY], MOST_BEHIND)
    if not messages and not behind:
        return
    if hasattr(inbox, "connection"):
        if inbox.connection.tested_at is None:
            note_arrival(inbox)
        if inbox.state in _HOLDING:
            ids = [event.pk for event in (*messages, *behind)]
            settle(ids, EventState.HELD)
            return
    adapter = adapter_of(inbox)
    yield from _take_up(inbox, adapter, messages)
    is_rush = len(messages) == MOST_AT_ONCE
    seconds = BEHIND_SECONDS_IN_A_RUSH if is_rush else BEHIND_SECONDS
    yield from _take_up_behind(inbox, adapter, behind, seconds=seconds)


def _take_up(
    inbox: Inbox, adapter: Adapter, waiting: Sequence[ProviderEvent]
) -> Iterator[Aftermath]:
    suspects, waiting = begin_events(waiting, left_behind=LEFT_BEHIND)
    for event in suspects:
        yield process_alone(adapter, parse(event, adapter))
    parsed_events = (parse(event, adapter) for event in waiting)
    for kind, run in groupby(parsed_events, key=lambda one: one.kind):
        if kind == Kind.PLAIN:
            yield from _together(inbox, adapter, list(run))
        elif kind == Kind.NOTHING:
            put_away(list(run))
        else:
            for one in run:
                yield process_alone(adapter, one)


def _together(
    inbox: Inbox, adapter: Adapter, run: list[ParsedEvent]
) -> Iterator[Aftermath]:
    """Where one of them cannot be received, it is found by halves: the others arrive."""
    if len(run) == 1:
        yield process_alone(adapter, run[0])
        return
    try:
        aftermath = process_together(inbox, adapter, run)
    except Exception as error:
        if is_away(error):
            raise
        log.warning("events_parted", inbox=inbox.pk, count=len(run), error=str(error))
        middle = len(run) // 2
        yield from _together(inbox, adapter, run[:middle])
        yield from _together(inbox, adapter, run[middle:])
    else:
        yield aftermath


def _take_up_behind(
    inbox: Inbox, adapter: Adapter, waiting: Sequence[ProviderEvent], *, seconds: float
) -> Iterator[Aftermath]:
    """One at least, for as long as there is time and no message has come meanwhile."""
    ends = time.monotonic() + seconds
    for first in range(0, len(waiting), _SLICE):
        several = waiting[first : first + _SLICE]
        suspects, several = begin_events(several, left_behind=LEFT_BEHIND)
        for event in suspects:
            yield process_alone(adapter, parse(event, adapter))
        parsed_events = [parse(event, adapter) for event in several]
        nothing = [one for one in parsed_events if one.kind == Kind.NOTHING]
        if nothing:
            put_away(nothing)
        rest = postpone_unknown(inbox, [one for one in parsed_events if one.parsed])
        for number, one in enumerate(rest, start=1):
            yield process_alone(adapter, one)
            if _must_end(inbox, ends):
                put_back([later.event for later in rest[number:]])
                return
        if _must_end(inbox, ends):
            return


def _must_end(inbox: Inbox, ends: float) -> bool:
    if time.monotonic() > ends:
        return True
    return _due(inbox.pk, timezone.now()).filter(lane=EventLane.MESSAGE).exists()


def _waiting(
    inbox: Inbox, lanes: Sequence[EventLane], most: int
) -> list[ProviderEvent]:
    rows = _due(inbox.pk, timezone.now()).filter(lane__in=lanes)
    waiting = list(rows.order_by("lane", "pk")[:most])
    for event in waiting:
        event.inbox = inbox
    return waiting


def has_more(pk: int) -> bool:
    return _due(pk, timezone.now()).exists()


def _due(pk: int, now: datetime) -> QuerySet[ProviderEvent]:
    is_due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    return ProviderEvent.objects.filter(is_due, inbox=pk, state=EventState.PENDING)


def inboxes_left_behind(now: datetime) -> list[int]:
    """Those with events that the broker lost, or that have waited for what they are of."""
    is_due = Q(retry_at__lte=now) | Q(
        retry_at__isnull=True, received_at__lt=now - LEFT_BEHIND
    )
    rows = ProviderEvent.objects.filter(is_due, state=EventState.PENDING)
    return list(rows.order_by().values_list("inbox_id", flat=True).distinct())
