"""A message of a customer in their thread, without a provider or a browser."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from conversations.inbound.pipeline import receive_drafts
from conversations.inbound.shapes import Draft, Result
from conversations.models import Attachment, Inbox, Message
from customers.models import Customer, Identity


def receive_message(
    customer: Customer,
    *,
    inbox: Inbox,
    channel: str,
    body: str,
    occurred_at: datetime | None = None,
    client_id: UUID | None = None,
    provider_message_id: str | None = None,
    identity: Identity | None = None,
    attachments: Sequence[Attachment] = (),
    subject: str = "",
) -> Result:
    """Store what a customer wrote; the same again, by one of its ids, changes nothing."""
    message = Message(
        channel=channel,
        body=body,
        client_id=client_id,
        provider_message_id=provider_message_id,
        identity=identity,
        occurred_at=occurred_at or timezone.now(),
    )
    draft = Draft(message, customer=customer, subject=subject, attachments=attachments)
    return receive_drafts(inbox, [draft])[0]
