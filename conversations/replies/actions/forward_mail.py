"""Passing a mail on to a third party: a side thread of the same inquiry.

Its messages are notes, for the customer never sees them; what is answered comes back
by a token of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.contents.base import Mailbox
from conversations.contents.email import ComposedMail
from conversations.contents.side_thread import SideThread
from conversations.exceptions import ClosedChannelError
from conversations.inbound.receive import attach
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.messages.change import set_content
from conversations.models import Attachment, Conversation, Inquiry, Message
from conversations.outbound.reply_option import ReplyOption
from conversations.outbound.sendable import refuse_closed, sendable
from conversations.outbound.write_letter import store_letter, write_forward


@dataclass(frozen=True)
class Forward:
    """What the member has written: to whom, and with which words."""

    to: Mailbox
    body: str
    client_id: UUID
    subject: str = ""
    cc: Sequence[Mailbox] = ()


@transaction.atomic
def forward_mail(
    source: Message,
    forward: Forward,
    *,
    member: Membership,
    attachments: Iterable[Attachment] = (),
) -> Message:
    """Send a customer's mail to somebody else, or go on with those it went to.

    `source` is the mail that is passed on, or the one that opened the side thread. The
    same `client_id` is one mail. Raises RefusalError.
    """
    conversation = lock(source.conversation)
    written = conversation.messages.filter(client_id=forward.client_id).first()
    if written is not None:
        return written
    inbox = source.inbox
    if inbox is None:
        raise ClosedChannelError("", "")
    option = ReplyOption(inbox, None, None)
    refuse_closed(option, has_template=False)
    files = list(attachments)
    body = sendable(forward.body, option, files, has_more=True)
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=timezone.now(),
        actor=member.user,
        answers=source.inquiry,
    )
    message = _write(conversation, inquiry, source, forward, member, body)
    attach(message, files)
    after = {"to": forward.to[1], "inbox": inbox.name}
    log.record("message.forwarded", message, actor=member.user, after=after)
    events.message_added(message)
    return message


def _write(
    conversation: Conversation,
    inquiry: Inquiry,
    source: Message,
    forward: Forward,
    member: Membership,
    body: str,
) -> Message:
    inbox = source.inbox
    message = Message.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        channel=inbox.channel if inbox else "",
        kind=MessageKind.NOTE,
        direction=Direction.OUTBOUND,
        author=member,
        body=body,
        client_id=forward.client_id,
        state=DeliveryState.QUEUED,
    )
    begun = SideThread.of(source)
    side = SideThread(begun.id if begun else message.pk, forward.to[1])
    if inbox is not None:
        composed = ComposedMail(subject=forward.subject, to=[forward.to], cc=forward.cc)
        letter = write_forward(inbox, source, side, body=body, composed=composed)
        set_content(message, side, letter.email)
        store_letter(message, letter)
    return message
