"""What becomes of a provider's event once it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations.actions.call_event import apply_call_event
from conversations.actions.change_address import apply_address_change
from conversations.actions.link_account import apply_account_link
from conversations.actions.receive_event import (
    Arrival,
    apply_happening,
    apply_notice,
    apply_reachability,
    receive_echo,
    receive_inbound,
)
from conversations.actions.receive_mail import apply_bounce, receive_mail
from conversations.actions.receive_update import (
    apply_accepted,
    apply_delivery_update,
    apply_edit,
    apply_reaction,
    apply_read_up_to,
    apply_unsend,
)
from conversations.actions.refresh_templates import apply_templates_changed
from conversations.actions.store_events import note_arrival
from conversations.adapters import events
from conversations.adapters.base import Adapter
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import EventState, InboxState
from conversations.exceptions import NotYetError
from conversations.models import Inbox, ProviderEvent, Reach
from conversations.selectors.connection import adapter_of

# A pending event this old was left behind by the broker: the sweep takes it up.
LEFT_BEHIND = timedelta(seconds=20)
# An event about a message that never comes is given up after so long, and so many
# tries: one that was held for days has just begun to wait.
PATIENCE = timedelta(hours=1)
FEWEST_TRIES = 8
# Nobody is open to customers yet, or any more: what comes waits.
_HOLDING = {InboxState.DRAFT, InboxState.STOPPED}

_APPLY: dict[type, Callable[..., Any]] = {
    events.InboundMessage: receive_inbound,
    events.Echo: receive_echo,
    events.DeliveryUpdate: apply_delivery_update,
    events.Accepted: apply_accepted,
    events.TemplatesChanged: apply_templates_changed,
    events.ReadUpTo: apply_read_up_to,
    events.Unsend: apply_unsend,
    events.Edit: apply_edit,
    events.Reaction: apply_reaction,
    events.Reachability: apply_reachability,
    events.AddressChange: apply_address_change,
    events.AccountLink: apply_account_link,
    events.Happening: apply_happening,
    events.Notice: apply_notice,
    events.CallEvent: apply_call_event,
}
# These keep a way back to the raw event, which has all of it.
_KEEP: dict[type, Callable[..., Any]] = {
    events.InboundMail: receive_mail,
    events.Bounce: apply_bounce,
}


@transaction.atomic
def store_event(inbox: Inbox, event_id: str, body: bytes) -> tuple[ProviderEvent, bool]:
    """Keep an event before anything is made of it; True when it is a new one."""
    return ProviderEvent.objects.get_or_create(
        inbox=inbox,
        provider_event_id=event_id,
        defaults={"account_id": inbox.account_id, "body": body},
    )


@dataclass
class Aftermath:
    """What an event leaves to be done with its provider, by primary key."""

    files: list[int] = field(default_factory=list)
    profiles: list[int] = field(default_factory=list)  # of Reach
    speakers: list[int] = field(default_factory=list)  # of Message
    replies: list[int] = field(default_factory=list)  # made by nobody

    def add(self, result: Any, adapter: Adapter) -> None:
        if not isinstance(result, Arrival):
            self._add_reach(result, adapter)
            return
        self.files += result.files
        if result.reply is not None:
            self.replies.append(result.reply.pk)
        self._add_reach(result.reach, adapter)
        message = result.received.message
        if result.received.is_new and message.data.get("speaker", {}).get("id"):
            self.speakers.append(message.pk)

    def _add_reach(self, reach: Any, adapter: Adapter) -> None:
        has_profiles = adapter.capabilities.has_profiles
        if has_profiles and isinstance(reach, Reach) and not reach.profile_at:
            self.profiles.append(reach.pk)


def process_event(pk: int) -> Aftermath:
    """Understand a pending event and act on it; a second run changes nothing."""
    aftermath = Aftermath()
    try:
        with transaction.atomic():
            _process(pk, aftermath)
    except NotYetError as early:
        _wait(pk, str(early))
        return Aftermath()
    return aftermath


def _process(pk: int, aftermath: Aftermath) -> None:
    event = _pending(pk)
    if event is None:
        return
    inbox = event.inbox
    if hasattr(inbox, "connection"):
        if inbox.connection.tested_at is None:
            note_arrival(inbox)
        if inbox.state in _HOLDING:
            _settle(event, EventState.HELD)
            return
    adapter = adapter_of(inbox)
    state, reason = EventState.PROCESSED, ""
    try:
        for parsed in adapter.parse(bytes(event.body)):
            aftermath.add(_apply(event, parsed), adapter)
    except UnknownEventError as error:
        state, reason = EventState.IGNORED, str(error)
    except InvalidPayloadError as error:
        state, reason = EventState.QUARANTINED, str(error)
    _settle(event, state, reason)


def _apply(event: ProviderEvent, parsed: events.Parsed) -> Any:
    keep = _KEEP.get(type(parsed))
    if keep is not None:
        return keep(event, parsed)
    act = _APPLY[type(parsed)]
    return act(event.inbox, parsed, received_at=event.received_at)


def _pending(pk: int) -> ProviderEvent | None:
    return (
        ProviderEvent.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inbox__account", "inbox__queue", "inbox__connection")
        .filter(pk=pk, state=EventState.PENDING)
        .first()
    )


@transaction.atomic
def _wait(pk: int, reason: str) -> None:
    """The event speaks of something that has not come yet: later, or never."""
    event = _pending(pk)
    if event is None:
        return
    now = timezone.now()
    if now - event.received_at > PATIENCE and event.attempts >= FEWEST_TRIES:
        _settle(event, EventState.IGNORED, reason)
        return
    event.attempts += 1
    event.retry_at = now + timedelta(seconds=min(2**event.attempts, 300))
    event.reason = reason[:300]
    event.save(update_fields=["attempts", "retry_at", "reason"])


def _settle(event: ProviderEvent, state: EventState, reason: str = "") -> None:
    event.state = state
    event.reason = reason[:300]
    event.processed_at = timezone.now()
    event.save(update_fields=["state", "reason", "processed_at"])


@transaction.atomic
def quarantine_event(pk: int, reason: str) -> None:
    """Set aside what made the processing itself fail; it can be run again."""
    event = ProviderEvent.objects.select_for_update(no_key=True).get(pk=pk)
    if event.state == EventState.PENDING:
        _settle(event, EventState.QUARANTINED, reason)


@transaction.atomic
def try_again(pk: int, reason: str) -> None:
    """Once more in a moment; what fails again and again is set aside."""
    event = _pending(pk)
    if event is None:
        return
    event.attempts += 1
    if event.attempts >= FEWEST_TRIES:
        _settle(event, EventState.QUARANTINED, reason)
        return
    event.retry_at = timezone.now() + timedelta(seconds=event.attempts)
    event.save(update_fields=["attempts", "retry_at"])


def events_left_behind(now: datetime, *, limit: int = 500) -> list[int]:
    """Those the broker lost, and those that wait for what they speak of."""
    is_due = Q(retry_at__lte=now) | Q(
        retry_at__isnull=True, received_at__lt=now - LEFT_BEHIND
    )
    return list(
        ProviderEvent.objects.filter(is_due, state=EventState.PENDING)
        .order_by("received_at")
        .values_list("pk", flat=True)[:limit]
    )
