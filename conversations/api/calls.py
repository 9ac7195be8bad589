"""POST /api/v1/calls/events: any PBX tells us of its calls here."""

from typing import cast

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from agentdesk.jobs.queueing import enqueue
from conversations.adapters.phone.payloads import CallEventPayload, without_cards
from conversations.inbound.store import store_event
from conversations.inbound.tasks import process_inbox
from conversations.models import Inbox

router = Router(tags=["calls"])


class Accepted(Schema):
    """Kept. What becomes of it happens after this answer."""

    event: int
    repeated: bool


class FieldError(Schema):
    field: str
    message: str


class Refused(Schema):
    errors: list[FieldError]


@router.post(
    "/calls/events",
    response={202: Accepted, (401, 413, 422): Refused},
    summary="A call rings, is answered, or has ended",
)
def post_call_event(
    request: HttpRequest, payload: CallEventPayload
) -> "Status[Accepted]":
    inbox = cast(Inbox, request.auth)  # type: ignore[attr-defined]  # set by ninja
    with transaction.atomic():
        unique_id = payload.unique_id(timezone.localdate())
        event, is_new = store_event(inbox, unique_id, without_cards(request.body))
        if is_new:
            enqueue(process_inbox, inbox.pk)
    return Status(202, Accepted(event=event.pk, repeated=not is_new))
