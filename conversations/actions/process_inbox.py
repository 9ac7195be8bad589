"""Taking up the events that wait in an inbox."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.actions.begin_events import begin_events
from conversations.actions.each import is_away
from conversations.actions.process_event import (
    Aftermath,
    Understood,
    process_alone,
    process_together,
    settle,
    understand,
)
from conversations.actions.store_events import note_arrival
from conversations.adapters.base import Adapter
from conversations.choices import EventState, InboxState
from conversations.models import Inbox, ProviderEvent
from conversations.selectors.connection import adapter_of

log = structlog.get_logger(__name__)

# A customer waits for the commit of those that came just before theirs.
MOST_AT_ONCE = 50
# A pending event this old was left behind by the broker: the sweep takes it up.
LEFT_BEHIND = timedelta(seconds=20)
# Nobody is open to customers yet, or any more: what comes waits.
_HOLDING = {InboxState.DRAFT, InboxState.STOPPED}


def process_inbox(pk: int) -> Iterator[Aftermath]:
    """Act on the oldest events that wait; a second run changes nothing.

    One transaction for plain messages that follow each other, one for anything else.
    After each: what is left to be done with the provider.
    """
    inbox = Inbox.objects.select_related("account", "queue", "connection").get(pk=pk)
    waiting = list(_due(inbox.pk, timezone.now()).order_by("pk")[:MOST_AT_ONCE])
    if not waiting:
        return
    if hasattr(inbox, "connection"):
        if inbox.connection.tested_at is None:
            note_arrival(inbox)
        if inbox.state in _HOLDING:
            settle([event.pk for event in waiting], EventState.HELD)
            return
    adapter = adapter_of(inbox)
    for event in waiting:
        event.inbox = inbox
    suspects, waiting = begin_events(waiting, left_behind=LEFT_BEHIND)
    for event in suspects:
        yield process_alone(adapter, understand(event, adapter))
    understood = (understand(event, adapter) for event in waiting)
    for is_plain, run in groupby(understood, key=lambda one: one.is_plain):
        if is_plain:
            yield from _together(inbox, adapter, list(run))
        else:
            yield from _each(adapter, run)


def _together(
    inbox: Inbox, adapter: Adapter, run: list[Understood]
) -> Iterator[Aftermath]:
    """Where one of them cannot be received, the others are all the same."""
    try:
        aftermath = process_together(inbox, adapter, run)
    except Exception as error:
        if is_away(error):
            raise
        log.warning("events_parted", inbox=inbox.pk, count=len(run), error=str(error))
        yield from _each(adapter, run)
    else:
        yield aftermath


def _each(adapter: Adapter, run: Iterable[Understood]) -> Iterator[Aftermath]:
    for one in run:
        yield process_alone(adapter, one)


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
