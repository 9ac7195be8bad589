"""Where every message of a customer comes in, whatever the channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from conversations.actions.notify import notify
from conversations.actions.open_inquiry import inquiry_heard_on, newest_inquiry
from conversations.choices import (
    Direction,
    InquiryStatus,
    MessageContent,
    MessageKind,
    NotificationKind,
)
from conversations.live import events
from conversations.models import (
    Attachment,
    Conversation,
    Inbox,
    Inquiry,
    Message,
)
from conversations.models.message import MAX_BODY
from conversations.text import prepare_body, preview_of
from customers.models import Customer, Identity

# A provider's clock may be off by this much before a message counts as late.
_LATE = timedelta(seconds=5)


@dataclass(frozen=True)
class Received:
    message: Message
    is_new: bool


@transaction.atomic(savepoint=False)
def conversation_of(customer: Customer) -> Conversation:
    """The customer's one conversation, locked until this transaction ends."""
    rows = Conversation.objects.select_for_update(no_key=True).filter(customer=customer)
    conversation = next(iter(rows), None)
    if conversation is None:
        Conversation.objects.bulk_create(
            [Conversation(account_id=customer.account_id, customer=customer)],
            ignore_conflicts=True,
        )
        conversation = rows.get()
    conversation.customer = customer
    return conversation


@transaction.atomic(savepoint=False)
def receive_message(
    customer: Customer,
    *,
    inbox: Inbox,
    channel: str,
    body: str,
    occurred_at: datetime | None = None,
    client_id: UUID | None = None,
    provider_message_id: str | None = None,
    attachments: Iterable[Attachment] = (),
    data: Mapping[str, Any] | None = None,
    subject: str = "",
    identity: Identity | None = None,
    content: str = MessageContent.TEXT,
    answers: Inquiry | None = None,
    is_quiet: bool = False,
) -> Received:
    """Store what a customer wrote in the inquiry it belongs to; a repeat changes nothing.

    `client_id` or `provider_message_id` tells a repeat. The time is the provider's.
    `answers` is the inquiry it speaks of. What `is_quiet` (a machine's answer) opens
    nothing, and nobody waits for a reply to it.
    """
    conversation = conversation_of(customer)
    known = _already_there(conversation, inbox, client_id, provider_message_id)
    if known is not None:
        return Received(known, is_new=False)
    at = min(occurred_at or timezone.now(), timezone.now())
    newest = newest_inquiry(conversation) if is_quiet else None
    inquiry = newest or inquiry_heard_on(
        inbox, conversation, at=at, subject=subject, answers=answers
    )
    message = Message(
        inbox=inbox,
        channel=channel,
        identity=identity,
        content=content,
        body=prepare_body(body, MAX_BODY),
        data=dict(data or {}),
        provider_message_id=provider_message_id,
        client_id=client_id,
        occurred_at=at,
    )
    _join(conversation, inquiry, message, attachments, is_quiet=newest is not None)
    return Received(message, is_new=True)


def _join(
    conversation: Conversation,
    inquiry: Inquiry,
    message: Message,
    attachments: Iterable[Attachment],
    *,
    is_quiet: bool,
) -> None:
    """Put a customer's message into its inquiry and tell everyone it concerns."""
    message.account_id = conversation.account_id
    message.conversation = conversation
    message.inquiry = inquiry
    message.kind = MessageKind.TEXT
    message.direction = Direction.INBOUND
    message.is_late = _is_late(conversation, message.occurred_at)
    message.save(force_insert=True)
    attach(message, attachments)
    note_activity(conversation, message)
    if is_quiet:
        events.message_added(message)
        return
    start_waiting(inquiry, message.occurred_at)
    events.message_added(message)
    events.list_changed(inquiry)
    if inquiry.owner is not None:
        notify(inquiry.owner, NotificationKind.MESSAGE, conversation, message=message)


def lock(conversation: Conversation) -> Conversation:
    """The conversation's row, held until the transaction ends: writers take turns."""
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("account", "customer").get(pk=conversation.pk)


def attach(message: Message, attachments: Iterable[Attachment]) -> None:
    for attachment in attachments:
        attachment.conversation = message.conversation
        attachment.message = message
        attachment.save()


def note_activity(conversation: Conversation, message: Message) -> None:
    """Repeat the newest message on the conversation, for the lists."""
    if (
        conversation.last_message_at
        and message.occurred_at < conversation.last_message_at
    ):
        return
    conversation.preview = preview_of(message.body) or _words_for(message)
    conversation.last_channel = message.channel or conversation.last_channel
    conversation.last_message_at = message.occurred_at
    conversation.save(update_fields=["preview", "last_channel", "last_message_at"])


def _words_for(message: Message) -> str:
    """A message without text, named in the language of the account."""
    if message.content == MessageContent.TEXT:
        return ""
    with translation.override(message.account.locale):
        return f"[{message.get_content_display()}]"


def _already_there(
    conversation: Conversation,
    inbox: Inbox,
    client_id: UUID | None,
    provider_message_id: str | None,
) -> Message | None:
    if client_id is not None:
        written = conversation.messages.filter(client_id=client_id)
    elif provider_message_id is not None:
        written = Message.objects.filter(
            inbox=inbox, provider_message_id=provider_message_id
        )
    else:
        return None
    return written.get() if written.exists() else None


def _is_late(conversation: Conversation, at: datetime) -> bool:
    newest = conversation.last_message_at
    return newest is not None and at < newest - _LATE


def start_waiting(inquiry: Inquiry, at: datetime) -> None:
    """The customer waits from their oldest unanswered message; a snooze ends."""
    inquiry.waiting_since = min(inquiry.waiting_since or at, at)
    inquiry.last_activity_at = max(inquiry.last_activity_at, at)
    inquiry.snoozed_until = None
    if inquiry.status == InquiryStatus.PENDING:
        inquiry.status = InquiryStatus.ACTIVE if inquiry.owner else InquiryStatus.NEW
    inquiry.save(
        update_fields=["waiting_since", "last_activity_at", "snoozed_until", "status"]
    )
