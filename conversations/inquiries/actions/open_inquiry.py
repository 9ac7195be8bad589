"""The inquiry that something belongs to: the open one, one opened again, or a new one."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.choices import InboxState, InquiryStatus, ThreadEvent
from conversations.inquiries.actions.record import add_line
from conversations.inquiries.actions.reference import new_reference
from conversations.live import events
from conversations.models import Conversation, Inbox, Inquiry, Queue


def inquiry_for_contact(
    inbox: Inbox,
    conversation: Conversation,
    *,
    at: datetime,
    subject: str = "",
    answers: Inquiry | None = None,
    is_none_open: bool = False,
) -> Inquiry:
    """The inquiry of what the customer does by an inbox, which may have opened it.

    `is_none_open`: whoever asks has looked, under the lock of the conversation.
    """
    return current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=at,
        subject=subject,
        inbox=inbox,
        answers=answers,
        is_none_open=is_none_open,
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
    is_none_open: bool = False,
) -> Inquiry:
    """The open inquiry, or the last one reopened within the window, or a new one.

    `inbox`: where the customer has written, if that is what opens it. `answers` is
    reopened rather than the last one. The conversation comes locked, from
    `conversation_of` or `lock`.
    """
    theirs = conversation.inquiries.select_for_update(no_key=True)
    inquiry = None if is_none_open else next(iter(theirs.open()), None)  # one at most
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


def newest_inquiry(conversation: Conversation) -> Inquiry | None:
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


def _is_reopened_by(inquiry: Inquiry, conversation: Conversation, at: datetime) -> bool:
    window = timedelta(hours=conversation.account.reopen_hours)
    return inquiry.closed_at is not None and at - inquiry.closed_at <= window
