"""The four shapes of what comes in, each made of the one before.

`RawEvent` is what a provider has posted, `ParsedEvent` what its adapter makes of that,
`Draft` a customer's message on its way into a thread, `Result` what has become of it.
Mails begin as raw events too; what is written in a web chat begins as a draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from django.utils import timezone

from conversations.adapters import events
from conversations.adapters.raw import RawEvent
from conversations.choices import EventState
from conversations.models import (
    Attachment,
    Conversation,
    Inquiry,
    Message,
    ProviderEvent,
    Reach,
)
from customers.models import Customer, Identity

__all__ = ["Draft", "Kind", "ParsedEvent", "RawEvent", "Result"]

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
class ParsedEvent:
    """A pending event, with what its adapter made of it, or why it could not."""

    event: ProviderEvent
    parsed: Sequence[events.Parsed] = ()
    state: EventState = EventState.PROCESSED
    reason: str = ""

    @property
    def kind(self) -> Kind:
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
class Draft:
    """What a customer wrote: a message without a place yet.

    The message's `client_id` or `provider_message_id` tells a repeat, its `occurred_at`
    is the provider's time. `event` is what its provider says of it, who wrote it
    included; without one, the `customer` is known. `answers` is the inquiry it speaks
    of. What `is_quiet` (a machine's answer) opens nothing, and nobody waits for a reply
    to it.
    """

    message: Message
    event: events.InboundMessage | None = None
    received_at: datetime = field(default_factory=timezone.now)
    customer: Customer | None = None
    subject: str = ""
    answers: Inquiry | None = None
    is_quiet: bool = False
    attachments: Sequence[Attachment] = ()

    @property
    def sender(self) -> Customer:
        assert self.customer is not None  # from the step `identify` on
        return self.customer

    @property
    def first_file(self) -> str:
        """The kind, or media type, of its first file."""
        if self.event is not None:
            return next((one.kind for one in self.event.media), "")
        return next((one.content_type for one in self.attachments), "")


@dataclass
class Result:
    """What has become of a draft: the message of the thread, and what is still to be done.

    Of a repeat, `message` is the one that was there before. `files` wait at the
    provider, by their keys; `reply` is an automatic one, to be delivered.
    """

    draft: Draft
    message: Message
    is_new: bool
    files: Sequence[int] = ()
    reach: Reach | None = None
    reply: Message | None = None

    @property
    def conversation(self) -> Conversation:
        return self.message.conversation

    @property
    def inquiry(self) -> Inquiry:
        assert self.message.inquiry is not None  # every message of a customer has one
        return self.message.inquiry

    @property
    def identity(self) -> Identity:
        assert self.message.identity is not None  # of what a provider has brought
        return self.message.identity
