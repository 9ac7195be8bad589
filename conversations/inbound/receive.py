"""Where every message of a customer comes in, whatever the channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.bulk_update import save_all
from conversations.choices import (
    Direction,
    MessageKind,
)
from conversations.inquiries.actions.activity import REPEATED, WAITING, note, wait
from conversations.inquiries.actions.conversation import conversations_of
from conversations.inquiries.actions.notify import notify_owners
from conversations.inquiries.actions.open_inquiry import (
    inquiry_for_contact,
    newest_inquiry,
)
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import (
    Attachment,
    Conversation,
    Inbox,
    Inquiry,
    Message,
)
from conversations.models.message import MAX_BODY
from customers.models import Customer, Identity

RepeatKey = tuple[int, str] | str

# A provider's clock may be off by this much before a message counts as late.
_LATE = timedelta(seconds=5)


@dataclass
class Written:
    """What a customer wrote: a message without a place yet.

    Its `client_id` or `provider_message_id` tells a repeat, `occurred_at` is the
    provider's time. `answers` is the inquiry it speaks of. What `is_quiet` (a machine's
    answer) opens nothing, and nobody waits for a reply to it.
    """

    customer: Customer
    message: Message
    subject: str = ""
    answers: Inquiry | None = None
    is_quiet: bool = False
    attachments: Sequence[Attachment] = ()
    kind: str = ""  # of its first file, where files come later


@dataclass(frozen=True)
class Received:
    message: Message
    is_new: bool


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
) -> Received:
    """Store what a customer wrote; the same again, by one of its ids, changes nothing."""
    message = Message(
        channel=channel,
        body=body,
        client_id=client_id,
        provider_message_id=provider_message_id,
        identity=identity,
        occurred_at=occurred_at or timezone.now(),
    )
    written = Written(customer, message, subject=subject, attachments=attachments)
    return receive_messages(inbox, [written])[0]


@transaction.atomic(savepoint=False)
def receive_messages(inbox: Inbox, several: Sequence[Written]) -> list[Received]:
    """Store what customers wrote in the inquiries it belongs to; a repeat changes nothing.

    A fixed number of statements, whatever their number, where inquiries are open.
    """
    conversations = conversations_of(one.customer for one in several)
    inquiries = _open_inquiries(conversations.values())
    known = _already_there(inbox, conversations, several)
    received, new = [], []
    for one in several:
        conversation = conversations[one.customer.pk]
        key = _key_of(one.message, conversation)
        is_new = key is None or key not in known
        if is_new:
            conversation.account = inbox.account
            _place(inbox, conversation, one, inquiries)
            new.append(one)
            if key is not None:
                known[key] = one.message
        received.append(Received(known[key] if key else one.message, is_new))
    _store(new)
    return received


def _open_inquiries(conversations: Iterable[Conversation]) -> dict[int, Inquiry]:
    """By conversation, locked."""
    rows = Inquiry.objects.open().select_for_update(no_key=True)
    rows = rows.filter(conversation__in=list(conversations))
    return {row.conversation_id: row for row in rows.order_by("pk")}


def _place(
    inbox: Inbox,
    conversation: Conversation,
    written: Written,
    inquiries: dict[int, Inquiry],
) -> None:
    """Find the message its inquiry, and let both rows say what it changes."""
    message = written.message
    message.occurred_at = min(message.occurred_at, timezone.now())
    quiet = newest_inquiry(conversation) if written.is_quiet else None
    inquiry = quiet or inquiries.get(conversation.pk)
    if inquiry is None:
        inquiry = inquiry_for_contact(
            inbox,
            conversation,
            at=message.occurred_at,
            subject=written.subject,
            answers=written.answers,
        )
        inquiries[conversation.pk] = inquiry
    message.account_id = conversation.account_id
    message.inbox = inbox
    message.conversation = conversation
    message.inquiry = inquiry
    message.kind = MessageKind.TEXT
    message.direction = Direction.INBOUND
    message.body = prepare_body(message.body, MAX_BODY)
    message.is_late = _is_late(conversation, message.occurred_at)
    files = [one.content_type for one in written.attachments]
    note(conversation, message, kind=written.kind or next(iter(files), ""))
    written.is_quiet = quiet is not None
    if not written.is_quiet:
        wait(inquiry, message.occurred_at)


def _store(new: Sequence[Written]) -> None:
    """Write all of it, and tell everyone it concerns, each once."""
    messages = [one.message for one in new]
    if not messages:
        return
    Message.objects.bulk_create(messages)
    conversations = {one.conversation_id: one.conversation for one in messages}
    save_all(list(conversations.values()), REPEATED)
    waited = {
        one.message.inquiry_id: one.message for one in new if not one.is_quiet
    }  # the last message of each
    save_all([_inquiry_of(one) for one in waited.values()], WAITING)
    for one in new:
        attach(one.message, one.attachments)
    events.messages_added(messages)
    for message in waited.values():
        events.list_changed(_inquiry_of(message))
    notify_owners(waited.values())


def _inquiry_of(message: Message) -> Inquiry:
    assert message.inquiry is not None  # every message of a customer has one
    return message.inquiry


def attach(message: Message, attachments: Iterable[Attachment]) -> None:
    """Raises ValueError where a file made for members would leave, or the reverse."""
    for attachment in attachments:
        if attachment.is_internal != (message.direction == Direction.INTERNAL):
            raise ValueError("a file of the other kind")
        attachment.conversation = message.conversation
        attachment.message = message
        attachment.save()


def _key_of(message: Message, conversation: Conversation) -> RepeatKey | None:
    if message.client_id is not None:
        return conversation.pk, str(message.client_id)
    return message.provider_message_id


def _already_there(
    inbox: Inbox, conversations: dict[int, Conversation], several: Sequence[Written]
) -> dict[RepeatKey, Message]:
    known: dict[RepeatKey, Message] = {}
    made_up = [one.message.client_id for one in several]
    if any(made_up):
        rows = Message.objects.filter(
            conversation__in=list(conversations.values()),
            client_id__in=[each for each in made_up if each is not None],
        )
        known |= {(row.conversation_id, str(row.client_id)): row for row in rows}
    ids = [one.message.provider_message_id for one in several]
    wanted = [each for each in ids if each is not None]
    if wanted:
        stored = Message.objects.filter(inbox=inbox, provider_message_id__in=wanted)
        known |= {str(row.provider_message_id): row for row in stored}
    return known


def _is_late(conversation: Conversation, at: datetime) -> bool:
    newest = conversation.last_message_at
    return newest is not None and at < newest - _LATE
