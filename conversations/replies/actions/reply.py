"""Answering the customer in writing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.letter import Letter
from conversations.choices import (
    DeliveryState,
    Direction,
    InquiryStatus,
    MessageContent,
    MessageKind,
)
from conversations.contents.email import ComposedMail
from conversations.contents.sending import SentTemplate
from conversations.exceptions import NewerMessageError, NoReplyChannelError
from conversations.inbound.receive import attach
from conversations.inquiries.actions.activity import note_activity
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.inquiry import assign
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.messages.claim_files import claim_files
from conversations.models import Conversation, Inquiry, Message
from conversations.outbound.reply_option import ReplyOption
from conversations.outbound.reply_options import chosen_option
from conversations.outbound.validate import refuse_closed, sendable
from conversations.outbound.write_letter import store_letter, write_letter
from conversations.replies.actions.compose import drop_draft, give_back, hold_lease
from conversations.replies.actions.quote import quotation
from conversations.replies.actions.repeat import same_again


@transaction.atomic
def send_reply(
    conversation: Conversation,
    *,
    member: Membership,
    body: str,
    client_id: UUID,
    file_keys: Sequence[str] = (),
    seen_message_id: int | None = None,
    via: str = "",
    quotes: int | None = None,
    data: Mapping[str, Any] | None = None,
    preserves_draft: bool = False,
    held_for: timedelta = timedelta(0),
) -> Message:
    """Answer by the chosen channel (`ReplyOption.value`), else on the customer's last.

    The same `client_id` is one reply. `seen_message_id` is the newest message on the
    writer's screen, `quotes` the customer's message it answers to, where the channel
    can show that; `data` what the channel carries besides (subject, template).
    `file_keys` are of files the member has uploaded for a reply here. What the member
    has begun to write is sent by this, unless `preserves_draft`. For `held_for` the writer
    may undo it (withdraw.py), but on our own pages, where it is read at once.
    Raises RefusalError kinds: LeaseHeldError, NewerMessageError, EmptyMessageError,
    TooLongError, NoReplyChannelError, ClosedChannelError, FileNotCarriedError,
    FileGoneError, AlreadySentError.
    """
    conversation = lock(conversation)
    written = conversation.messages.filter(client_id=client_id).first()
    if written is not None:
        return same_again(written, body=body, file_keys=file_keys)
    files = claim_files(file_keys, conversation, member, is_internal=False)
    option = chosen_option(conversation, via)
    if option is None:
        raise NoReplyChannelError
    has_template = bool(data and data.get(SentTemplate.NAME))
    refuse_closed(option, has_template=has_template)
    body = sendable(body, option, files, has_more=has_template)
    hold_lease(conversation, member=member)
    _refuse_unseen(conversation, member, seen_message_id)
    carried = _carried(option, data) | quotation(conversation, option, quotes)
    message = _write(conversation, option, member, body, client_id, carried, held_for)
    attach(message, files)
    note_activity(conversation, message, kind=files[0].content_type if files else "")
    if not preserves_draft:
        drop_draft(conversation, member=member, is_note=False, client_id=client_id)
    give_back(conversation, member=member)
    after = {"inbox": option.inbox.name}
    log.record("message.sent", message, actor=member.user, after=after)
    events.message_added(message)
    return message


def _write(
    conversation: Conversation,
    option: ReplyOption,
    member: Membership,
    body: str,
    client_id: UUID,
    data: dict[str, Any],
    held_for: timedelta,
) -> Message:
    inbox = option.inbox
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=timezone.now(),
        actor=member.user,
    )
    letter = _letter(inquiry, option, body, data)
    is_instant = option.capabilities.is_instant
    message = Message.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        identity=option.identity,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        author=member,
        content=_content(data),
        body=body,
        data={**data, **letter.email.as_data()} if letter else data,
        client_id=client_id,
        state=DeliveryState.SENT if is_instant else DeliveryState.QUEUED,
        held_until=timezone.now() + held_for if held_for and not is_instant else None,
    )
    if letter:
        store_letter(message, letter)
    _answered(inquiry, member)
    return message


def _carried(option: ReplyOption, data: Mapping[str, Any] | None) -> dict[str, Any]:
    carried = {**(data or {}), **option.recipient_data}
    if not option.capabilities.has_subject:
        carried.pop(ComposedMail.NAME, None)
    return carried


def _content(data: Mapping[str, Any]) -> MessageContent:
    is_template = bool(data.get(SentTemplate.NAME))
    return MessageContent.TEMPLATE if is_template else MessageContent.TEXT


def _letter(
    inquiry: Inquiry, option: ReplyOption, body: str, data: Mapping[str, Any]
) -> Letter | None:
    if not option.capabilities.has_subject:
        return None
    return write_letter(
        inquiry, inbox=option.inbox, identity=option.identity, body=body, data=data
    )


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
