"""What becomes of a provider's event once it is kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from conversations.actions.call_event import apply_call_event
from conversations.actions.change_address import apply_address_change
from conversations.actions.each import is_away, reason_of
from conversations.actions.link_account import apply_account_link
from conversations.actions.receive_event import (
    Arrival,
    Incoming,
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
from conversations.adapters import events
from conversations.adapters.base import Adapter
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import EventState
from conversations.exceptions import NotYetError
from conversations.models import Inbox, ProviderEvent, Reach

log = structlog.get_logger(__name__)

# An event about a message that never comes is given up after so long, and so many
# tries: one that was held for days has just begun to wait.
PATIENCE = timedelta(hours=1)
FEWEST_TRIES = 8


def _receive(
    inbox: Inbox, told: events.InboundMessage, *, received_at: datetime
) -> Arrival:
    return receive_inbound(inbox, [Incoming(told, received_at)])[0]


_APPLY: dict[type, Callable[..., Any]] = {
    events.InboundMessage: _receive,
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


@dataclass
class Understood:
    """A pending event, with what its adapter made of it, or why it could not."""

    event: ProviderEvent
    parsed: Sequence[events.Parsed] = ()
    state: EventState = EventState.PROCESSED
    reason: str = ""

    @property
    def is_plain(self) -> bool:
        """Messages of customers and nothing else: several are received together."""
        return bool(self.parsed) and all(
            isinstance(one, events.InboundMessage) for one in self.parsed
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


def understand(event: ProviderEvent, adapter: Adapter) -> Understood:
    """What the adapter makes of it; never raises."""
    try:
        return Understood(event, adapter.parse(bytes(event.body)))
    except UnknownEventError as error:
        return Understood(event, state=EventState.IGNORED, reason=str(error))
    except InvalidPayloadError as error:
        return Understood(event, state=EventState.QUARANTINED, reason=str(error))
    except Exception as error:
        log.exception("event_not_read", provider_event=event.pk)
        return Understood(event, state=EventState.QUARANTINED, reason=reason_of(error))


def process_together(
    inbox: Inbox, adapter: Adapter, run: Sequence[Understood]
) -> Aftermath:
    """Act on plain events that follow each other, in one transaction."""
    aftermath = Aftermath()
    with transaction.atomic():
        ids = pending([one.event.pk for one in run])
        incoming = [
            Incoming(told, one.event.received_at)
            for one in run
            if one.event.pk in ids
            for told in one.parsed
            if isinstance(told, events.InboundMessage)
        ]
        if incoming:
            for arrival in receive_inbound(inbox, incoming):
                aftermath.add(arrival, adapter)
        settle(ids, EventState.PROCESSED)
    return aftermath


def process_alone(adapter: Adapter, understood: Understood) -> Aftermath:
    """Act on one event. Raises only where the database is away: it stays pending."""
    event, aftermath = understood.event, Aftermath()
    try:
        with transaction.atomic():
            _process(adapter, understood, aftermath)
    except NotYetError as early:
        _wait(event, str(early))
        return Aftermath()
    except Exception as error:
        if is_away(error):
            raise
        reason = reason_of(error)
        if isinstance(error, (IntegrityError, OperationalError)):
            # Two at once met over the same row: the next try finds what the other made.
            _try_again(event, reason)
        else:
            log.exception("event_failed", provider_event=event.pk)
            _set_aside(event, reason)
        return Aftermath()
    return aftermath


def _process(adapter: Adapter, understood: Understood, aftermath: Aftermath) -> None:
    event = understood.event
    if not pending([event.pk]):
        return
    state, reason = understood.state, understood.reason
    try:
        for parsed in understood.parsed:
            aftermath.add(_apply(event, parsed), adapter)
    except UnknownEventError as error:
        state, reason = EventState.IGNORED, str(error)
    except InvalidPayloadError as error:
        state, reason = EventState.QUARANTINED, str(error)
    settle([event.pk], state, reason)


def _apply(event: ProviderEvent, parsed: events.Parsed) -> Any:
    keep = _KEEP.get(type(parsed))
    if keep is not None:
        return keep(event, parsed)
    act = _APPLY[type(parsed)]
    return act(event.inbox, parsed, received_at=event.received_at)


def pending(ids: Sequence[int]) -> set[int]:
    """Those that nobody has settled, or is at work on; locked."""
    rows = ProviderEvent.objects.select_for_update(no_key=True, skip_locked=True)
    rows = rows.order_by("pk").filter(pk__in=ids, state=EventState.PENDING)
    return set(rows.values_list("pk", flat=True))


def settle(ids: Iterable[int], state: EventState, reason: str = "") -> None:
    ProviderEvent.objects.filter(pk__in=ids).update(
        state=state, reason=reason[:300], processed_at=timezone.now()
    )


@transaction.atomic
def _wait(event: ProviderEvent, reason: str) -> None:
    """The event speaks of something that has not come yet: later, or never."""
    if not pending([event.pk]):
        return
    now = timezone.now()
    if now - event.received_at > PATIENCE and event.attempts >= FEWEST_TRIES:
        settle([event.pk], EventState.IGNORED, reason)
        return
    _postpone(event, seconds=min(2 ** (event.attempts + 1), 300), reason=reason)


@transaction.atomic
def _set_aside(event: ProviderEvent, reason: str) -> None:
    """What makes the processing itself fail can be run again."""
    if pending([event.pk]):
        settle([event.pk], EventState.QUARANTINED, reason)


@transaction.atomic
def _try_again(event: ProviderEvent, reason: str) -> None:
    """Once more in a moment; what fails again and again is set aside."""
    if not pending([event.pk]):
        return
    if event.attempts + 1 >= FEWEST_TRIES:
        settle([event.pk], EventState.QUARANTINED, reason)
        return
    _postpone(event, seconds=event.attempts + 1)


def _postpone(event: ProviderEvent, *, seconds: int, reason: str = "") -> None:
    event.attempts += 1
    event.retry_at = timezone.now() + timedelta(seconds=seconds)
    event.reason = reason[:300]
    event.begun = 0  # whatever it waits for, it ended no process
    event.save(update_fields=["attempts", "retry_at", "reason", "begun"])
