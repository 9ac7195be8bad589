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
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.subject import (
    MAX_SUBJECT,
    forward_subject,
    reply_subject,
)
from conversations.adapters.email.token import SIDE, token_of
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.connections.connection import connection_of
from conversations.contents.base import Mailbox
from conversations.contents.email import Email
from conversations.contents.side_thread import SideThread
from conversations.exceptions import ClosedChannelError
from conversations.inbound.receive import attach
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.messages.change import set_content
from conversations.models import Attachment, Conversation, Inbox, Inquiry, Message
from conversations.outbound.reply_option import ReplyOption
from conversations.outbound.validate import refuse_closed, sendable
from conversations.outbound.write_mail import (
    Letter,
    chain,
    finished,
    new_message_id,
    store_letter,
)


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
        letter = _letter(inbox, source, forward, body, side)
        set_content(message, side, letter.email)
        store_letter(message, letter)
    return message


def _letter(
    inbox: Inbox, source: Message, forward: Forward, body: str, side: SideThread
) -> Letter:
    settings = Setting(connection_of(inbox))
    token = token_of(SIDE, side.id)
    mark = token if settings.is_on("subject_mark") else ""
    email = Email.of(source) or Email()
    is_going_on = SideThread.of(source) is not None
    titled = reply_subject if is_going_on else forward_subject
    subject = forward.subject or email.subject
    written = Email(
        subject=titled(subject, mark)[:MAX_SUBJECT],
        to=[forward.to],
        cc=forward.cc,
        message_id=new_message_id(settings),
        references=chain(email) if is_going_on else (),
        in_reply_to=email.message_id if is_going_on else "",
        token=token,
    )
    return finished(inbox, written, body, "", source)
