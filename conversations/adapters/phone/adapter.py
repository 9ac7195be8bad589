import json
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from conversations.adapters.base import Adapter, Capabilities, WebhookRequest
from conversations.adapters.events import CallEvent, Parsed
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    UnknownEventError,
)
from conversations.adapters.phone.about import ABOUT
from conversations.adapters.phone.payloads import CallEventPayload

KNOWN_TYPES = frozenset({"ringing", "answered", "ended"})


class PhoneAdapter(Adapter):
    """Our own small events, which any PBX or its gateway can post."""

    about = ABOUT
    capabilities = Capabilities(text_limit=0, can_reply=False, takes_calls=True)

    def verify(self, request: WebhookRequest) -> None:
        """Calls come by our API, with a key of the inbox: nothing is believed here."""
        raise InvalidSignatureError

    def parse(self, body: bytes) -> Sequence[Parsed]:
        try:
            payload = CallEventPayload.model_validate(json.loads(body))
        except (ValidationError, ValueError, RecursionError) as error:
            raise InvalidPayloadError(str(error)[:300]) from error
        if payload.type not in KNOWN_TYPES:
            raise UnknownEventError(f"unknown type {payload.type!r}")
        return [
            CallEvent(
                call_id=payload.call_id,
                type=payload.type,
                from_number=_bare_number(payload.from_number)[:40],
                to_number=_bare_number(payload.to_number)[:40],
                extension=_bare_number(payload.extension or payload.to_number)[:40],
                occurred_at=_aware(payload.at),
                direction=payload.direction,
            )
        ]


def _bare_number(address: str) -> str:
    """sip:0312345678@pbx.example as 0312345678."""
    for scheme in ("sip:", "sips:", "tel:"):
        if address.lower().startswith(scheme):
            return address[len(scheme) :].split("@")[0].split(";")[0]
    return address


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
