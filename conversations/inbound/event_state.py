"""What becomes of the rows of a provider's events: settled, waiting, set aside."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agentdesk.bulk_update import save_all
from conversations.choices import EventLane, EventState
from conversations.models import ProviderEvent

# An event about a message that never comes is given up after so long, and so many
# tries: one that was held for days has just begun to wait.
PATIENCE = timedelta(hours=1)
FEWEST_TRIES = 8
_LONGEST_PAUSE = 300  # seconds


def pending(ids: Sequence[int]) -> set[int]:
    """Those that nobody has settled, or is at work on; locked."""
    rows = ProviderEvent.objects.select_for_update(no_key=True, skip_locked=True)
    rows = rows.order_by("pk").filter(pk__in=ids, state=EventState.PENDING)
    return set(rows.values_list("pk", flat=True))


def close_events(ids: Iterable[int], state: EventState, reason: str = "") -> None:
    ProviderEvent.objects.filter(pk__in=ids).update(
        state=state, reason=reason[:300], processed_at=timezone.now()
    )


@transaction.atomic
def wait(events: Sequence[ProviderEvent], reason: str) -> None:
    """They speak of something that has not come yet: later, or never.

    Three statements, whatever their number.
    """
    ids, now = pending([event.pk for event in events]), timezone.now()
    waiting = [event for event in events if event.pk in ids]
    over = [event.pk for event in waiting if _is_given_up(event, now)]
    if over:
        close_events(over, EventState.IGNORED, reason)
    rest = [event for event in waiting if event.pk not in over]
    for event in rest:
        _postpone(event, now + _pause(event), reason)
    save_all(rest, _POSTPONED)


def _is_given_up(event: ProviderEvent, now: datetime) -> bool:
    return now - event.received_at > PATIENCE and event.attempts >= FEWEST_TRIES


@transaction.atomic
def put_off(event: ProviderEvent, reason: str) -> None:
    """It is no fault of the event: it is tried again until it succeeds."""
    if pending([event.pk]):
        _postpone(event, timezone.now() + _pause(event), reason)
        save_all([event], _POSTPONED)


def _pause(event: ProviderEvent) -> timedelta:
    return timedelta(seconds=min(2 ** min(event.attempts + 1, 10), _LONGEST_PAUSE))


@transaction.atomic
def set_aside(event: ProviderEvent, reason: str) -> None:
    """What makes the processing itself fail can be run again."""
    if pending([event.pk]):
        close_events([event.pk], EventState.QUARANTINED, reason)


@transaction.atomic
def try_again(event: ProviderEvent, reason: str) -> None:
    """Once more in a moment; what fails again and again is set aside."""
    if not pending([event.pk]):
        return
    if event.attempts + 1 >= FEWEST_TRIES:
        close_events([event.pk], EventState.QUARANTINED, reason)
        return
    at = timezone.now() + timedelta(seconds=event.attempts + 1)
    _postpone(event, at, "")
    save_all([event], _POSTPONED)


_POSTPONED = ("attempts", "retry_at", "reason", "lane", "begun")


def _postpone(event: ProviderEvent, at: datetime, reason: str) -> None:
    """What is tried again stands behind what has just come."""
    event.attempts += 1
    event.retry_at, event.reason = at, reason[:300]
    event.lane = EventLane.RETRY
    event.begun = 0  # whatever it waits for, it ended no process
