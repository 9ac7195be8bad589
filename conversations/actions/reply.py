"""Answering the customer in writing."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.actions.compose import drop_draft, give_back, hold_lease
from conversations.actions.inquiry import assign
from conversations.actions.receive import attach, current_inquiry, lock, note_activity
from conversations.adapters.registry import ADAPTERS
from conversations.choices import (
    DeliveryState,
    Direction,
    InquiryStatus,
    MessageKind,
)
from conversations.exceptions import (
    EmptyMessageError,
    NewerMessageError,
    NoReplyChannelError,
    TooLongError,
)
from conversations.live import events
from conversations.models import Attachment, Conversation, Inbox, Inquiry, Message
from conversations.selectors.workspace import reply_inbox
from conversations.text import prepare_body


@transaction.atomic
def send_reply(
    conversation: Conversation,
    *,
    member: Membership,
    body: str,
    client_id: UUID,
    attachments: Iterable[Attachment] = (),
    seen_message_id: int | None = None,
) -> Message:
    """Answer on the channel the customer last wrote on; the same `client_id` is one reply.

    `seen_message_id` is the newest message on the writer's screen. Raises RefusalError
    kinds: LeaseHeldError, NewerMessageError, EmptyMessageError, TooLongError,
    NoReplyChannelError.
    """
    conversation = lock(conversation)
    written = conversation.messages.filter(client_id=client_id).first()
    if written is not None:
        return written
    files = list(attachments)
    inbox = reply_inbox(conversation)
    if inbox is None:
        raise NoReplyChannelError
    body = _sendable(body, inbox, has_files=bool(files))
    hold_lease(conversation, member=member)
    _refuse_unseen(conversation, member, seen_message_id)
    message = _write(conversation, inbox, member, body, client_id)
    attach(message, files)
    note_activity(conversation, message)
    drop_draft(conversation, member=member, is_note=False)
    give_back(conversation, member=member)
    log.record("message.sent", message, actor=member.user)
    events.message_added(message)
    return message


def _sendable(body: str, inbox: Inbox, *, has_files: bool) -> str:
    limit = ADAPTERS[inbox.channel].capabilities.text_limit
    if len(body) > limit:
        raise TooLongError(limit)
    body = prepare_body(body, limit)
    if not body.strip() and not has_files:
        raise EmptyMessageError
    return body


def _write(
    conversation: Conversation,
    inbox: Inbox,
    member: Membership,
    body: str,
    client_id: UUID,
) -> Message:
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=timezone.now(),
        actor=member.user,
    )
    is_instant = ADAPTERS[inbox.channel].capabilities.is_instant
    message = Message.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        author=member,
        body=body,
        client_id=client_id,
        state=DeliveryState.SENT if is_instant else DeliveryState.QUEUED,
    )
    _answered(inquiry, member)
    return message


def _refuse_unseen(
    conversation: Conversation, member: Membership, seen_message_id: int | None
) -> None:
    """Refuse while a message of the customer, or a colleague's, is not on the screen."""
    if seen_message_id is None:
        return
    theirs = Q(direction=Direction.OUTBOUND) & ~Q(author=member)
    unseen = conversation.messages.filter(
        Q(direction=Direction.INBOUND) | theirs, pk__gt=seen_message_id
    )
    if unseen.exists():
        raise NewerMessageError


def _answered(inquiry: Inquiry, member: Membership) -> None:
    """The customer waits no more; an inquiry nobody owned is the writer's now."""
    inquiry.waiting_since = None
    inquiry.last_activity_at = timezone.now()
    if inquiry.status == InquiryStatus.NEW:
        inquiry.status = InquiryStatus.ACTIVE
    inquiry.save(update_fields=["waiting_since", "last_activity_at", "status"])
    if inquiry.owner_id is None:
        assign(inquiry, actor=member.user, owner=member)
    events.inquiry_changed(inquiry)
