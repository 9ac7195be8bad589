"""A reply to a customer: checked against its channel, then written as a message.

Whether its writer may send it now (who else is answering, what they have not seen) is
decided before: `reply.py` of what leaves at once, `send_scheduled.py` of what has waited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

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
from conversations.exceptions import NoReplyChannelError
from conversations.inbound.receive import attach
from conversations.inquiries.actions.activity import note_activity
from conversations.inquiries.actions.inquiry import assign
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.messages.claim_files import claim_files
from conversations.models import Attachment, Conversation, Inquiry, Message
from conversations.outbound.reply_option import ReplyOption
from conversations.outbound.reply_options import chosen_option
from conversations.outbound.validate import refuse_closed, sendable
from conversations.outbound.write_letter import store_letter, write_letter
from conversations.replies.actions.quote import quotation


@dataclass(frozen=True)
class Written:
    """A reply as it comes from its composer; see `send_reply` for what each is."""

    body: str
    file_keys: Sequence[str] = ()
    via: str = ""
    quotes: int | None = None
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class CheckedReply:
    """`files` are locked until the transaction ends."""

    option: ReplyOption
    body: str
    files: Sequence[Attachment]
    data: dict[str, Any]
    is_template: bool


def checked_reply(
    conversation: Conversation, written: Written, *, member: Membership
) -> CheckedReply:
    """By the chosen channel (`ReplyOption.value`), else the customer's last, as it is now.

    Raises EmptyMessageError, TooLongError, NoReplyChannelError, ClosedChannelError,
    FileNotCarriedError, FileGoneError.
    """
    files = claim_files(written.file_keys, conversation, member, is_internal=False)
    option = chosen_option(conversation, written.via)
    if option is None:
        raise NoReplyChannelError
    data = written.data or {}
    is_template = bool(data.get(SentTemplate.NAME))
    refuse_closed(option, has_template=is_template)
    body = sendable(written.body, option, files, has_more=is_template)
    quoted = quotation(conversation, option, written.quotes)
    carried = _carried(option, data) | quoted
    return CheckedReply(option, body, files, carried, is_template)


def write_reply(
    conversation: Conversation,
    reply: CheckedReply,
    *,
    member: Membership,
    client_id: UUID,
    held_for: timedelta = timedelta(0),
) -> Message:
    """The message, to be sent; the customer waits no more. The conversation is locked."""
    message = _write(conversation, reply, member, client_id, held_for)
    attach(message, reply.files)
    kind = reply.files[0].content_type if reply.files else ""
    note_activity(conversation, message, kind=kind)
    after = {"inbox": reply.option.inbox.name}
    log.record("message.sent", message, actor=member.user, after=after)
    events.message_added(message)
    return message


def _write(
    conversation: Conversation,
    reply: CheckedReply,
    member: Membership,
    client_id: UUID,
    held_for: timedelta,
) -> Message:
    option, inbox, data = reply.option, reply.option.inbox, reply.data
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=timezone.now(),
        actor=member.user,
    )
    letter = _letter(inquiry, reply)
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
        content=MessageContent.TEMPLATE if reply.is_template else MessageContent.TEXT,
        body=reply.body,
        data={**data, **letter.email.as_data()} if letter else data,
        client_id=client_id,
        state=DeliveryState.SENT if is_instant else DeliveryState.QUEUED,
        held_until=timezone.now() + held_for if held_for and not is_instant else None,
    )
    if letter:
        store_letter(message, letter)
    _answered(inquiry, member)
    return message


def _carried(option: ReplyOption, data: Mapping[str, Any]) -> dict[str, Any]:
    carried = {**data, **option.recipient_data}
    if not option.capabilities.has_subject:
        carried.pop(ComposedMail.NAME, None)
    return carried


def _letter(inquiry: Inquiry, reply: CheckedReply) -> Letter | None:
    option = reply.option
    if not option.capabilities.has_subject:
        return None
    return write_letter(
        inquiry,
        inbox=option.inbox,
        identity=option.identity,
        body=reply.body,
        data=reply.data,
    )


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
