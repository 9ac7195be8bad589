"""What remains of a call in the thread."""

from datetime import datetime

from django.db import transaction

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import Channel, Direction, InquiryStatus, MessageKind
from conversations.contents.call_lines import CallLines
from conversations.contents.phone_note import PhoneNote
from conversations.inquiries.actions.activity import note_activity
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import Call, Conversation, Inquiry, Message, Queue
from conversations.models.message import MAX_BODY


@transaction.atomic
def add_phone_note(
    conversation: Conversation,
    *,
    call: Call,
    member: Membership | None,
    lines: CallLines,
    facts: PhoneNote,
) -> Message:
    """Write the call's one note into the open inquiry (opened if there is none).

    `lines` come as they may be written, see `wrap_up`.

    The note stands at the time of the call. A second call of this gives the same note.
    """
    if call.message is not None:
        return call.message
    conversation = lock(conversation)
    inquiry = current_inquiry(
        conversation,
        channel=Channel.PHONE,
        queue=_queue(conversation, call),
        at=call.rang_at,
        actor=member.user if member else None,
    )
    message = Message(
        author=member,
        body=prepare_body(lines.text, MAX_BODY),
        data=facts.as_data() | lines.as_data(),
    )
    _write(message, call, inquiry)
    _worked_on(inquiry, member, message.occurred_at)
    note_activity(conversation, message)
    log.record("call.noted", message, actor=member.user if member else None)
    events.message_added(message)
    events.inquiry_changed(inquiry)
    return message


def _write(message: Message, call: Call, inquiry: Inquiry) -> None:
    message.account_id = inquiry.account_id
    message.conversation = inquiry.conversation
    message.inquiry = inquiry
    message.inbox = call.inbox
    message.channel = Channel.PHONE
    message.kind = MessageKind.PHONE_NOTE
    message.direction = Direction.INTERNAL
    message.occurred_at = call.ended_at or call.rang_at
    message.save(force_insert=True)
    call.message = message
    call.inquiry = inquiry
    call.save(update_fields=["message", "inquiry"])


def _worked_on(inquiry: Inquiry, member: Membership | None, at: datetime) -> None:
    if member is not None:
        inquiry.owner = inquiry.owner or member
        if inquiry.status == InquiryStatus.NEW:
            inquiry.status = InquiryStatus.ACTIVE
    inquiry.last_activity_at = max(inquiry.last_activity_at, at)
    inquiry.save(update_fields=["owner", "status", "last_activity_at"])


def _queue(conversation: Conversation, call: Call) -> Queue:
    if call.inbox is not None:
        return call.inbox.queue
    return Queue.objects.get(account_id=conversation.account_id, is_default=True)
