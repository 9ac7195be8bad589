"""Receipts of mail providers: kept as notes of our own, then understood."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from conversations.adapters.events import Bounce, DeliveryUpdate, Parsed
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.raw import RawEvent
from conversations.choices import DeliveryState, FailureCode

# What django-anymail calls the events of all providers.
_FAILURES = {
    "bounced": FailureCode.RECIPIENT,
    "rejected": FailureCode.REFUSED,
    "failed": FailureCode.PROVIDER,
    "complained": FailureCode.SPAM,
}
_ELSEWHERE = "kept elsewhere"
_UNFETCHED = "not fetched"


def receipts(events: Sequence[Any]) -> list[RawEvent]:
    """`events`: AnymailTrackingEvents."""
    return [_note(event) for event in events]


def _note(event: Any) -> RawEvent:
    at = event.timestamp.isoformat() if event.timestamp else ""
    note = {
        "receipt": str(event.event_type),
        "message_id": str(event.message_id or "").strip("<>"),
        "recipient": str(event.recipient or ""),
        "reason": str(event.reject_reason or ""),
        "detail": str(event.mta_response or event.description or "")[:300],
        "at": at,
    }
    body = json.dumps(note, ensure_ascii=False, sort_keys=True).encode()
    event_id = event.event_id or hashlib.sha256(body).hexdigest()
    return RawEvent(f"{note['receipt']}:{event_id}", body, is_message=False)


def not_fetched(event_id: str, action: Mapping[str, Any], why: str) -> RawEvent:
    """A mail that Amazon only told us of: its notice stands in the quarantine for it."""
    place = f"s3://{action.get('bucketName', '')}/{action.get('objectKey', '')}"
    note = {"receipt": _ELSEWHERE, "place": place, "why": why}
    return RawEvent(f"{event_id}:{_ELSEWHERE}", json.dumps(note).encode())


def unfetched_note(event_id: str, *, folder: str, uid: int) -> RawEvent:
    """A mail that its mailbox would not give us, or that ended us each time."""
    note = {"receipt": _UNFETCHED, "folder": folder, "uid": uid}
    return RawEvent(f"{event_id}:{_UNFETCHED}", json.dumps(note).encode())


def _not_to_be_had() -> str:
    return _(
        "A mail in the folder %(folder)s (UID %(uid)s) could not be fetched. "
        "Read it in the mailbox itself."
    )


def _not_given() -> str:
    return _(
        "Amazon keeps this mail at %(place)s and did not give it to us (%(why)s). "
        "Allow the access key of the inbox s3:GetObject for that bucket."
    )


def understood_note(body: bytes) -> Sequence[Parsed]:
    """Raises InvalidPayloadError, UnknownEventError."""
    try:
        note = json.loads(body)
        if "receipt" not in note:
            raise InvalidPayloadError("no mail and no receipt of a mail provider")
        if note["receipt"] == _ELSEWHERE:
            raise InvalidPayloadError(_not_given() % note)
        if note["receipt"] == _UNFETCHED:
            raise InvalidPayloadError(_not_to_be_had() % note)
        return [_understood(note)]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidPayloadError(f"{type(error).__name__}: {error}") from error


def _understood(note: dict[str, Any]) -> Parsed:
    at = datetime.fromisoformat(note["at"]) if note["at"] else None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    if note["receipt"] == "delivered":
        return DeliveryUpdate(
            provider_message_id=note["message_id"],
            state=DeliveryState.DELIVERED,
            occurred_at=at,
            recipient=note["recipient"],
        )
    code = _FAILURES.get(note["receipt"])
    if code is None:
        raise UnknownEventError(f"receipt {note['receipt']!r}")
    return Bounce(
        provider_message_id=note["message_id"],
        recipient=note["recipient"],
        code=FailureCode.SPAM if note["reason"] in {"spam", "blocked"} else code,
        detail=note["detail"],
        occurred_at=at,
        is_ours=True,
    )
