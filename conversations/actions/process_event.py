"""What becomes of a provider's event once it is kept."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from conversations.actions.call_event import apply_call_event
from conversations.adapters.base import (
    CallEvent,
    InvalidPayloadError,
    UnknownEventError,
)
from conversations.adapters.registry import ADAPTERS
from conversations.choices import EventState
from conversations.models import Inbox, ProviderEvent

# A pending event this old was left behind by the broker: the sweep takes it up.
LEFT_BEHIND = timedelta(seconds=20)


@transaction.atomic
def store_event(inbox: Inbox, event_id: str, body: bytes) -> tuple[ProviderEvent, bool]:
    """Keep an event before anything is made of it; True when it is a new one."""
    return ProviderEvent.objects.get_or_create(
        inbox=inbox,
        provider_event_id=event_id,
        defaults={"account_id": inbox.account_id, "body": body},
    )


@transaction.atomic
def process_event(pk: int) -> ProviderEvent | None:
    """Understand a pending event and act on it; a second run changes nothing."""
    event = (
        ProviderEvent.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inbox__account", "inbox__queue")
        .filter(pk=pk, state=EventState.PENDING)
        .first()
    )
    if event is None:
        return None
    try:
        for parsed in ADAPTERS[event.inbox.channel]().parse(bytes(event.body)):
            if isinstance(parsed, CallEvent):
                apply_call_event(event.inbox, parsed, received_at=event.received_at)
    except UnknownEventError as error:
        return _settle(event, EventState.IGNORED, str(error))
    except InvalidPayloadError as error:
        return _settle(event, EventState.QUARANTINED, str(error))
    return _settle(event, EventState.PROCESSED)


def _settle(event: ProviderEvent, state: EventState, reason: str = "") -> ProviderEvent:
    event.state = state
    event.reason = reason[:300]
    event.processed_at = timezone.now()
    event.save(update_fields=["state", "reason", "processed_at"])
    return event


@transaction.atomic
def quarantine_event(pk: int, reason: str) -> None:
    """Set aside what made the processing itself fail; it can be run again."""
    event = ProviderEvent.objects.select_for_update(no_key=True).get(pk=pk)
    if event.state == EventState.PENDING:
        _settle(event, EventState.QUARANTINED, reason)


def events_left_behind(now: datetime, *, limit: int = 500) -> list[int]:
    return list(
        ProviderEvent.objects.filter(
            state=EventState.PENDING, received_at__lt=now - LEFT_BEHIND
        )
        .order_by("received_at")
        .values_list("pk", flat=True)[:limit]
    )
