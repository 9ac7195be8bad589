"""What an adapter makes of a provider's event.

The `data` of a message has the same shapes on all channels: `conversations.contents` has
a type for each. What is not there is left out. Besides, an adapter may leave tokens of
its own there, which it gets back when it sends (`quoted_facts`) or marks as read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conversations.adapters.assurance import Assurance


@dataclass(frozen=True)
class Address:
    """One address of a person: an IdentityKind and its value, within a scope."""

    kind: str
    value: str
    scope: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody at the provider. `also` are further addresses the provider vouches for.

    `name` is what they call themselves: shown, never an identity. A group or a room is
    a person of its own; the message's data tell who speaks in it."""

    address: Address
    name: str = ""
    also: Sequence[Address] = ()
    assurance: Assurance = Assurance.CONFIRMED


@dataclass(frozen=True)
class Media:
    """A file that a message tells of. `source` is what Adapter.media needs to fetch it.

    With `content` it came along, and nothing is fetched.
    """

    kind: str  # image, audio, video, document, sticker
    source: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    content_type: str = ""
    size: int | None = None
    content: bytes | None = None
    content_id: str = ""  # of a picture inside a mail's text


@dataclass(frozen=True)
class InboundMessage:
    """A message of a customer, as the provider tells it.

    `content` is a MessageContent value; what is not text stands in `data`, which the
    thread's templates read. `reply_token` may be used once, until `reply_until`, and
    for the channel's `reply_token_life` from its arrival at most.
    """

    sender: Person
    body: str
    provider_message_id: str
    occurred_at: datetime | None  # None: when it arrived
    content: str = "text"
    media: Sequence[Media] = ()
    quoted_id: str = ""
    subject: str = ""
    reply_token: str = ""
    reply_until: datetime | None = None
    opens_window: bool = True
    data: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)  # kept for this sender


@dataclass(frozen=True)
class InboundMail:
    """A mail: the message as others have it, and what only mail has.

    `text` is all of it, quotes and signature included; `html` as the sender wrote it.
    `tokens` are ours, as they came back; `references` Message-IDs, the nearest first.
    """

    message: InboundMessage
    text: str
    html: str = ""
    tokens: Sequence[str] = ()
    references: Sequence[str] = ()
    is_automatic: bool = False


@dataclass(frozen=True)
class Bounce:
    """A mail of ours that came back. `code` is a FailureCode.

    `is_final` False: it is still being tried, and nothing has failed yet. `is_ours`: the
    provider itself says so, and a mail we do not know is one not settled yet.
    """

    provider_message_id: str
    recipient: str
    code: str
    detail: str
    occurred_at: datetime | None
    is_final: bool = True
    is_ours: bool = False


@dataclass(frozen=True)
class Echo:
    """A reply that somebody has written elsewhere, in the provider's own inbox."""

    recipient: Person
    body: str
    provider_message_id: str
    occurred_at: datetime | None
    content: str = "text"
    media: Sequence[Media] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DeliveryUpdate:
    """How far a reply of ours has come. `state` is a DeliveryState value.

    `recipient`: whom it has reached, where one reply goes to several.
    """

    provider_message_id: str
    state: str
    occurred_at: datetime | None
    code: str = ""  # of the failure, as in SendError
    detail: str = ""
    recipient: str = ""


@dataclass(frozen=True)
class Accepted:
    """The provider shows that it has taken request `number` of our reply.

    It may come where the answer to the request itself was lost.
    """

    message_id: int
    number: int
    provider_message_id: str


@dataclass(frozen=True)
class TemplatesChanged:
    """The provider's own templates are others now: they are fetched again."""


@dataclass(frozen=True)
class ReadUpTo:
    """The customer has read (or been delivered) all we sent until then."""

    person: Person
    until: datetime
    state: str = "read"


@dataclass(frozen=True)
class Unsend:
    """The customer took a message back: its text is shown no more."""

    provider_message_id: str
    occurred_at: datetime | None


@dataclass(frozen=True)
class Edit:
    """The customer changed a message: both texts are shown."""

    provider_message_id: str
    body: str
    occurred_at: datetime | None


@dataclass(frozen=True)
class Reaction:
    """`emoji` empty: the reaction was taken back. `is_ours`: made elsewhere, by us."""

    person: Person
    provider_message_id: str
    emoji: str
    occurred_at: datetime | None
    is_ours: bool = False


@dataclass(frozen=True)
class Reachability:
    """Whether we may still write to somebody here; `reason` is a ClosedReason value."""

    person: Person
    is_open: bool
    reason: str
    occurred_at: datetime | None


@dataclass(frozen=True)
class AddressChange:
    """A person's address is another now: the conversation goes on.

    `before_also` are further addresses they had until then.
    """

    before: Address
    after: Person
    occurred_at: datetime | None
    before_also: Sequence[Address] = ()


@dataclass(frozen=True)
class Happening:
    """Something to tell in the thread as a line: a follow, a postback, a beacon.

    `event` is a ThreadEvent value. One that `is_contact` opens the reply window.
    """

    person: Person
    event: str
    occurred_at: datetime | None
    data: Mapping[str, Any] = field(default_factory=dict)
    is_contact: bool = False
    reply_token: str = ""
    reply_until: datetime | None = None


@dataclass(frozen=True)
class AccountLink:
    """The customer has signed in to the shop: `nonce` says as whom."""

    person: Person
    nonce: str
    is_ok: bool
    occurred_at: datetime | None


@dataclass(frozen=True)
class Notice:
    """The provider speaks of the inbox itself: suspended, token void, quality low.

    Without `is_trouble` the trouble of that code is over, and no other.
    """

    code: str
    detail: str = ""
    is_trouble: bool = True


@dataclass(frozen=True)
class CallEvent:
    """A step of a phone call, as a PBX tells it. Numbers as they came."""

    call_id: str
    type: str  # ringing, answered, ended
    from_number: str
    to_number: str
    extension: str
    occurred_at: datetime | None  # None: when it arrived
    direction: str = "inbound"


Parsed = (
    InboundMessage
    | InboundMail
    | Bounce
    | Echo
    | DeliveryUpdate
    | Accepted
    | TemplatesChanged
    | ReadUpTo
    | Unsend
    | Edit
    | Reaction
    | Reachability
    | AddressChange
    | Happening
    | AccountLink
    | Notice
    | CallEvent
)
