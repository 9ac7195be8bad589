"""Where every message of a customer comes in, whatever the channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.actions.notify import notify
from conversations.actions.record import add_line
from conversations.actions.reference import new_reference
from conversations.choices import (
    Direction,
    InboxState,
    InquiryStatus,
    MessageContent,
    MessageKind,
    NotificationKind,
    ThreadEvent,
)
from conversations.live import events
from conversations.models import (
    Attachment,
    Conversation,
    Inbox,
    Inquiry,
    Message,
    Queue,
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
    newest = _newest(conversation) if is_quiet else None
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


def inquiry_heard_on(
    inbox: Inbox,
    conversation: Conversation,
    *,
    at: datetime,
    subject: str = "",
    answers: Inquiry | None = None,
) -> Inquiry:
    """The inquiry of what the customer does by an inbox, which may have opened it."""
    return current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=at,
        subject=subject,
        inbox=inbox,
        answers=answers,
    )


def current_inquiry(
    conversation: Conversation,
    *,
    channel: str,
    queue: Queue,
    at: datetime,
    subject: str = "",
    actor: User | None = None,
    inbox: Inbox | None = None,
    answers: Inquiry | None = None,
) -> Inquiry:
    """The open inquiry, or the last one reopened within the window, or a new one.

    `inbox`: where the customer has written, if that is what opens it. `answers` is
    reopened rather than the last one. The conversation comes locked, from
    `conversation_of` or `lock`.
    """
    theirs = conversation.inquiries.select_for_update(no_key=True)
    inquiry = next(iter(theirs.open()), None)  # there is one at most
    if inquiry is not None:
        return inquiry
    newest = theirs.order_by("-last_activity_at", "-pk")
    inquiry = (newest.filter(pk=answers.pk) if answers else newest).first()
    if inquiry is not None and _is_reopened_by(inquiry, conversation, at):
        return reopen(inquiry, actor=actor)
    inquiry = Inquiry(queue=queue, channel=channel, subject=subject[:200], opened_at=at)
    if inbox is not None and inbox.state == InboxState.PARTIAL:
        inquiry.partial_inbox = inbox
    return _open(conversation, inquiry, actor=actor)


def _newest(conversation: Conversation) -> Inquiry | None:
    """The open one, else the last."""
    return conversation.inquiries.order_by("-last_activity_at", "-pk").first()


def _open(
    conversation: Conversation, inquiry: Inquiry, *, actor: User | None
) -> Inquiry:
    inquiry.account_id = conversation.account_id
    inquiry.conversation = conversation
    inquiry.is_test = conversation.customer.is_test
    inquiry.reference = new_reference(conversation.account_id)
    inquiry.last_activity_at = inquiry.opened_at
    inquiry.save(force_insert=True)
    after = {"channel": str(inquiry.channel)}
    log.record("inquiry.opened", inquiry, actor=actor, after=after)
    at = inquiry.opened_at  # above the message that opened it
    add_line(conversation, inquiry, ThreadEvent.OPENED, actor=actor, at=at)
    events.inquiry_changed(inquiry)
    return inquiry


@transaction.atomic
def reopen(inquiry: Inquiry, *, actor: User | None) -> Inquiry:
    """Open a closed inquiry again. Its owner keeps it while they still work here."""
    before = inquiry.status
    owner = inquiry.owner
    if owner is not None and not (owner.is_active and owner.user.is_active):
        inquiry.owner = None
    inquiry.status = InquiryStatus.ACTIVE if inquiry.owner else InquiryStatus.NEW
    inquiry.closed_at = None
    inquiry.last_activity_at = timezone.now()
    inquiry.save(update_fields=["owner", "status", "closed_at", "last_activity_at"])
    after = {"status": inquiry.status}
    log.record(
        "inquiry.reopened",
        inquiry,
        actor=actor,
        before={"status": before},
        after=after,
    )
    add_line(
        inquiry.conversation, inquiry, ThreadEvent.REOPENED, actor=actor, after=after
    )
    events.inquiry_changed(inquiry)
    return inquiry


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


def _is_reopened_by(inquiry: Inquiry, conversation: Conversation, at: datetime) -> bool:
    window = timedelta(hours=conversation.account.reopen_hours)
    return inquiry.closed_at is not None and at - inquiry.closed_at <= window


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
