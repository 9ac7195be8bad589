"""What every channel's adapter speaks: the seam between providers and the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class InvalidSignatureError(Exception):
    """The request was not signed by the provider: 403, nothing stored."""


class InvalidPayloadError(Exception):
    """The event cannot be understood: it waits in quarantine with this reason."""


class UnknownEventError(Exception):
    """An event we do not use: kept, and marked ignored."""


@dataclass(frozen=True)
class InboundMessage:
    """A message of a customer, as the provider tells it."""

    sender_kind: str  # customers.choices.IdentityKind
    sender: str  # normalised
    body: str
    provider_message_id: str
    occurred_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


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


Parsed = InboundMessage | CallEvent


@dataclass(frozen=True)
class Capabilities:
    """What a channel can carry. `is_instant`: a reply is there once it is committed."""

    text_limit: int  # characters
    is_instant: bool = False
    can_reply: bool = True
    has_receipts: bool = False
    has_typing: bool = False
    carries_files: bool = False


class Adapter(Protocol):
    """Translates one provider's protocol; knows no model and no action."""

    capabilities: Capabilities

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> None:
        """Raises InvalidSignatureError."""

    def parse(self, body: bytes) -> Sequence[Parsed]:
        """Raises InvalidPayloadError, UnknownEventError."""
