"""What becomes of a provider's event once it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from agentdesk.bulk_update import save_all
from agentdesk.disk import is_full
from conversations.adapters import events
from conversations.adapters.base import Adapter
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import EventState
from conversations.connections.notice import apply_notice
from conversations.connections.refresh_templates import apply_templates_changed
from conversations.contents.speaker import Speaker
from conversations.exceptions import NotYetError
from conversations.inbound.change_address import apply_address_change
from conversations.inbound.event_state import (
    pending,
    put_off,
    set_aside,
    settle,
    try_again,
    wait,
)
from conversations.inbound.link_account import apply_account_link
from conversations.inbound.receive_event import (
    Arrival,
    Incoming,
    apply_happening,
    apply_reachability,
    known_ids,
    receive_echo,
    receive_inbound,
)
from conversations.inbound.receive_mail import apply_bounce, receive_mail
from conversations.inbound.receive_receipt import (
    apply_accepted,
    apply_delivery_update,
    apply_read_up_to,
)
from conversations.inbound.receive_update import (
    apply_edit,
    apply_reaction,
    apply_unsend,
)
from conversations.models import Inbox, ProviderEvent, Reach
from conversations.sweeps.each import is_away, reason_of

log = structlog.get_logger(__name__)


def _receive(
    inbox: Inbox, event: events.InboundMessage, *, received_at: datetime
) -> Arrival:
    return receive_inbound(inbox, [Incoming(event, received_at)])[0]


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
}
# These keep a way back to the raw event, which has all of it.
_APPLY_WITH_RAW: dict[type, Callable[..., Any]] = {
    events.InboundMail: receive_mail,
    events.Bounce: apply_bounce,
}


def register(kind: type, apply: Callable[..., Any]) -> None:
    """What an area above does with events of its own, said while the app starts."""
    _APPLY[kind] = apply


_ABOUT_A_MESSAGE = (
    events.DeliveryUpdate,
    events.Edit,
    events.Reaction,
    events.Unsend,
)


class Kind(Enum):
    """How many of an event are acted on at once."""

    PLAIN = auto()  # messages of customers and nothing else: received together
    NOTHING = auto()  # it says nothing to us, or is not understood: put away together
    OTHER = auto()


@dataclass
class Understood:
    """A pending event, with what its adapter made of it, or why it could not."""

    event: ProviderEvent
    parsed: Sequence[events.Parsed] = ()
    state: EventState = EventState.PROCESSED
    reason: str = ""

    @property
    def kind(self) -> "Kind":
        if not self.parsed:
            return Kind.NOTHING
        is_plain = all(isinstance(one, events.InboundMessage) for one in self.parsed)
        return Kind.PLAIN if is_plain else Kind.OTHER

    @property
    def targets(self) -> set[str]:
        """The provider's ids of messages it is about, which must be known by then.

        Without those that it brings itself: the first receipt of a reply whose answer
        was lost may tell which reply it is of.
        """
        brought = {
            one.provider_message_id
            for one in self.parsed
            if isinstance(one, events.Accepted)
        }
        about = {
            one.provider_message_id
            for one in self.parsed
            if isinstance(one, _ABOUT_A_MESSAGE)
            or (isinstance(one, events.Bounce) and one.is_ours)
        }
        return about - brought - {""}


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
        speaker = Speaker.of(message) if result.received.is_new else None
        if speaker is not None and speaker.id:
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
            Incoming(message, one.event.received_at)
            for one in run
            if one.event.pk in ids
            for message in one.parsed
            if isinstance(message, events.InboundMessage)
        ]
        if incoming:
            for arrival in receive_inbound(inbox, incoming):
                aftermath.add(arrival, adapter)
        settle(ids, EventState.PROCESSED)
    return aftermath


@transaction.atomic
def put_away(run: Sequence[Understood]) -> None:
    """Settle events there is nothing to do for, in one statement."""
    ids, now = pending([one.event.pk for one in run]), timezone.now()
    rows = []
    for one in run:
        if one.event.pk in ids:
            one.event.state, one.event.reason = one.state, one.reason[:300]
            one.event.processed_at = now
            rows.append(one.event)
    save_all(rows, ("state", "reason", "processed_at"))


def postpone_unknown(inbox: Inbox, several: Sequence[Understood]) -> list[Understood]:
    """Let those wait whose messages are not known, looked up together; the others."""
    targets = {target for one in several for target in one.targets}
    missing = targets - known_ids(inbox, targets) if targets else set()
    early = [one.event for one in several if one.targets & missing]
    if early:
        wait(early, "the message it speaks of is not known")
    return [one for one in several if not one.targets & missing]


def process_alone(adapter: Adapter, understood: Understood) -> Aftermath:
    """Act on one event. Raises only where the database is away: it stays pending."""
    event, aftermath = understood.event, Aftermath()
    try:
        with transaction.atomic():
            _process(adapter, understood, aftermath)
    except NotYetError as early:
        wait([event], str(early))
        return Aftermath()
    except Exception as error:
        if is_away(error):
            raise
        reason = reason_of(error)
        if is_full(error):
            log.error("disk_full", provider_event=event.pk, error=str(error))
            put_off(event, "the disk is full")
        elif isinstance(error, (IntegrityError, OperationalError)):
            # Two at once met over the same row: the next try finds what the other made.
            try_again(event, reason)
        else:
            log.exception("event_failed", provider_event=event.pk)
            set_aside(event, reason)
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
    apply_with_raw = _APPLY_WITH_RAW.get(type(parsed))
    if apply_with_raw is not None:
        return apply_with_raw(event, parsed)
    act = _APPLY[type(parsed)]
    return act(event.inbox, parsed, received_at=event.received_at)
