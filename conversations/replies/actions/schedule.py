"""A reply for later: it waits as a row of its own, and its writer may think again.

While it waits nothing has been answered: it is no message of the thread, the customer
goes on waiting, and what is written after it leaves before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import ScheduleMark
from conversations.exceptions import (
    BeyondWindowError,
    MomentOverError,
    TooLateError,
)
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.models import Attachment, Conversation, ScheduledReply
from conversations.replies.actions.compose import (
    drop_draft,
    give_back,
    hold_lease,
    save_draft,
)
from conversations.replies.actions.reply import refuse_unseen
from conversations.replies.actions.written_reply import (
    CheckedReply,
    Written,
    checked_reply,
)

FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Plan:
    """`yields`: it does not leave when the customer writes first. `draft_body` and
    `beside` are what the reply was as a draft."""

    send_at: datetime
    yields: bool
    draft_body: str
    beside: Mapping[str, Any]


@transaction.atomic
def schedule_reply(
    conversation: Conversation,
    written: Written,
    plan: Plan,
    *,
    member: Membership,
    client_id: UUID,
    seen_message_id: int | None = None,
) -> ScheduledReply | None:
    """What `send_reply` does, for later; None where it has left already.

    The same `client_id` is one reply. Raises what `send_reply` raises, and
    MomentOverError and BeyondWindowError where it could not leave at that time.
    """
    conversation = lock(conversation)
    if conversation.messages.filter(client_id=client_id).exists():
        return None
    known = conversation.scheduled_replies.filter(client_id=client_id).first()
    if known is not None:
        return known
    reply = checked_reply(conversation, written, member=member)
    _refuse_moment(plan.send_at, reply)
    hold_lease(conversation, member=member)
    refuse_unseen(conversation, member, seen_message_id)
    row = _waiting(conversation, written, plan, reply)
    row.author, row.client_id = member, client_id
    row.save(force_insert=True)
    drop_draft(conversation, member=member, is_note=False, client_id=client_id)
    give_back(conversation, member=member)
    after = {"until": plan.send_at.isoformat()}
    log.record("reply.scheduled", conversation, actor=member.user, after=after)
    note_schedule(conversation)
    return row


def _waiting(
    conversation: Conversation, written: Written, plan: Plan, reply: CheckedReply
) -> ScheduledReply:
    newest = conversation.messages.order_by("-pk").values_list("pk", flat=True)
    return ScheduledReply(
        account_id=conversation.account_id,
        conversation=conversation,
        send_at=plan.send_at,
        yields=plan.yields,
        newest_seen=newest.first() or 0,
        draft_body=plan.draft_body,
        body=written.body,
        via=reply.option.value,
        quotes=written.quotes,
        data=dict(written.data or {}),
        files=[one.key for one in reply.files],
        beside=dict(plan.beside),
    )


def _refuse_moment(send_at: datetime, reply: CheckedReply) -> None:
    now = timezone.now()
    if not now < send_at < now + FURTHEST:
        raise MomentOverError
    until = reply.option.until
    if until is not None and send_at >= until and not reply.is_template:
        zone = reply.option.inbox.account.time_zone
        raise BeyondWindowError(until, zone)


@transaction.atomic
def edit_scheduled(row: ScheduledReply, *, member: Membership, client_id: UUID) -> None:
    """It is a draft of the member's again, before what they have begun since.

    Raises TooLateError once it has left.
    """
    conversation, row = locked_scheduled(row)
    # A colleague goes on with its files as well, and they have their time anew.
    Attachment.objects.filter(
        key__in=row.files, conversation=conversation, message__isnull=True
    ).update(uploaded_by=member, created_at=timezone.now())
    row.delete()
    save_draft(
        conversation,
        member=member,
        body=row.draft_body,
        is_note=False,
        beside=row.beside,
        client_id=client_id,
        is_before=True,
    )
    log.record("reply.unscheduled", conversation, actor=member.user)
    note_schedule(conversation)


@transaction.atomic
def cancel_scheduled(row: ScheduledReply, *, member: Membership) -> None:
    """It does not leave, and nothing of it stays. Raises TooLateError once it has left."""
    conversation, row = locked_scheduled(row)
    row.delete()
    log.record("reply.cancelled", conversation, actor=member.user)
    note_schedule(conversation)


def locked_scheduled(row: ScheduledReply) -> tuple[Conversation, ScheduledReply]:
    """With its conversation, which is locked first everywhere. Raises TooLateError."""
    conversation = lock(row.conversation)
    found = (
        ScheduledReply.objects.select_for_update(of=("self",), no_key=True)
        .select_related("author__user")
        .filter(pk=row.pk)
        .first()
    )
    if found is None:
        raise TooLateError
    return conversation, found


def note_schedule(conversation: Conversation) -> None:
    """The list and the thread show what waits there now."""
    stops = set(conversation.scheduled_replies.values_list("stopped", flat=True))
    waiting = ScheduleMark.WAITING if stops else ""
    conversation.scheduled = ScheduleMark.STOPPED if stops - {""} else waiting
    conversation.save(update_fields=["scheduled"])
    events.schedule_changed(conversation)
    inquiry = conversation.inquiries.open().first()
    if inquiry is not None:
        events.list_changed(inquiry)
