"""Events that end the process which reads them are found out, and set aside.

What raises is caught where it is processed. What takes all memory, crashes a library
or never returns is not: such an event would be the first of its inbox for ever. So an
event that is overdue, as only those are whose processing did not end, is counted
before it is begun again. Events that are on time cost nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations.choices import EventState
from conversations.models import ProviderEvent

log = structlog.get_logger(__name__)

# Begun so often among others, an event is begun by itself.
_AMONG_OTHERS = 2
# And so often by itself, it is set aside.
_ALONE = 3
ENDS_PROCESSES = "The process that read it has ended each time."


def begin_events(
    waiting: Sequence[ProviderEvent], *, left_behind: timedelta
) -> tuple[Iterator[ProviderEvent], list[ProviderEvent]]:
    """Those to be processed one at a time, and those to be processed together.

    Called outside any transaction, for the count has to outlive the process.
    """
    overdue_before = timezone.now() - left_behind
    overdue = [event for event in waiting if _due_at(event) < overdue_before]
    if not overdue:
        return iter(()), list(waiting)
    suspects = [event for event in overdue if event.begun >= _AMONG_OTHERS]
    others = [event for event in waiting if event not in suspects]
    ProviderEvent.objects.filter(
        pk__in=[event.pk for event in overdue if event not in suspects],
        state=EventState.PENDING,
    ).update(begun=F("begun") + 1)
    return (event for event in suspects if _begin_alone(event)), others


def put_back(events: Sequence[ProviderEvent]) -> None:
    """They were begun among others, whose time was over before it was their turn."""
    if events:
        ProviderEvent.objects.filter(
            pk__in=[event.pk for event in events],
            state=EventState.PENDING,
            begun__gt=0,
        ).update(begun=F("begun") - 1)


def _due_at(event: ProviderEvent) -> datetime:
    return event.retry_at or event.received_at


@transaction.atomic
def _begin_alone(event: ProviderEvent) -> bool:
    """False where it is set aside now, or another process has it."""
    row = (
        ProviderEvent.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk=event.pk, state=EventState.PENDING)
        .first()
    )
    if row is None:
        return False
    if row.begun >= _AMONG_OTHERS + _ALONE:
        log.error("event_ends_processes", provider_event=event.pk)
        row.state, row.reason = EventState.QUARANTINED, ENDS_PROCESSES
        row.processed_at = timezone.now()
        row.save(update_fields=["state", "reason", "processed_at"])
        return False
    row.begun += 1
    row.save(update_fields=["begun"])
    return True
