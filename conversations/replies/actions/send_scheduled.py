"""A scheduled reply whose time has come leaves, or is stopped with a reason.

Whatever finds it first, the sweep of any worker or a member, locks its conversation and
its row; the row goes in the transaction that makes it a message. The channel's rules are
those of that moment.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import ROLE_PERMISSIONS, Permission
from agentdesk.audit import log
from conversations.choices import (
    Direction,
    MessageKind,
    NotificationKind,
    ScheduleStop,
    ThreadEvent,
)
from conversations.exceptions import RefusalError, TooLateError, WriterGoneError
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.actions.record import add_line
from conversations.models import Conversation, Message, ScheduledReply
from conversations.replies.actions.schedule import locked_scheduled, note_schedule
from conversations.replies.actions.written_reply import (
    Written,
    checked_reply,
    write_reply,
)

_AT_ONCE = 500


def scheduled_due(now: datetime) -> list[int]:
    """Whose time has come, and those the customer has written before."""
    theirs = Message.objects.filter(
        conversation=OuterRef("conversation"),
        kind=MessageKind.TEXT,
        direction=Direction.INBOUND,
        pk__gt=OuterRef("newest_seen"),
    )
    is_overtaken = Q(overtaken_at__isnull=True) & Exists(theirs)
    rows = ScheduledReply.objects.filter(stopped="")
    rows = rows.filter(Q(send_at__lte=now) | is_overtaken).order_by("send_at", "pk")
    return list(rows.values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic
def send_due(pk: int) -> Message | None:
    """The message, where it has left by this run."""
    row = ScheduledReply.objects.filter(pk=pk).select_related("conversation").first()
    if row is None:
        return None
    try:
        conversation, row = locked_scheduled(row)
    except TooLateError:
        return None
    if not row.stopped:
        _note_overtaken(conversation, row)
    if row.stopped or row.send_at > timezone.now():
        return None
    try:
        with transaction.atomic(), translation.override(row.author.user.language):
            return _leave(conversation, row)
    except RefusalError as refusal:
        _stop(conversation, row, ScheduleStop.REFUSED, reason=str(refusal))
        notify(row.author, NotificationKind.NOT_SENT, conversation)
        return None


@transaction.atomic
def send_now(row: ScheduledReply, *, member: Membership) -> Message:
    """Its time is now, whatever has come meanwhile: the member has seen that.

    Raises TooLateError once it has left, and what the channel refuses.
    """
    conversation, row = locked_scheduled(row)
    log.record("reply.sent_now", conversation, actor=member.user)
    return _leave(conversation, row)


@transaction.atomic
def give_up(pk: int) -> None:
    """The sending itself has failed: its writer decides, instead of trying for ever."""
    for found in ScheduledReply.objects.filter(pk=pk, stopped=""):
        conversation, row = locked_scheduled(found)
        with translation.override(row.author.user.language):
            reason = _("Something went wrong here. Try it again.")
        _stop(conversation, row, ScheduleStop.REFUSED, reason=reason)
        notify(row.author, NotificationKind.NOT_SENT, conversation)


def _leave(conversation: Conversation, row: ScheduledReply) -> Message:
    """The row becomes a message. Raises RefusalError."""
    _refuse_gone(row.author)
    message = conversation.messages.filter(client_id=row.client_id).first()
    if message is None:
        written = Written(row.body, row.files, row.via, row.quotes, row.data)
        reply = checked_reply(conversation, written, member=row.author)
        message = write_reply(
            conversation, reply, member=row.author, client_id=row.client_id
        )
    row.delete()
    note_schedule(conversation)
    return message


def _refuse_gone(author: Membership) -> None:
    can_reply = Permission.REPLY in ROLE_PERMISSIONS[author.role]
    if not (author.is_active and author.user.is_active and can_reply):
        raise WriterGoneError(author)


def _note_overtaken(conversation: Conversation, row: ScheduledReply) -> None:
    """The customer has written since: its writer hears of it, once."""
    theirs = conversation.messages.filter(
        kind=MessageKind.TEXT, direction=Direction.INBOUND, pk__gt=row.newest_seen
    )
    if row.overtaken_at is not None or not theirs.exists():
        return
    row.overtaken_at = timezone.now()
    row.save(update_fields=["overtaken_at"])
    notify(row.author, NotificationKind.OVERTAKEN, conversation)
    if row.yields:
        inquiry = conversation.inquiries.open().first()
        after = {"names": [row.author.user.name]}
        add_line(conversation, inquiry, ThreadEvent.HELD_BACK, actor=None, after=after)
        _stop(conversation, row, ScheduleStop.OVERTAKEN)
    else:
        note_schedule(conversation)


def _stop(
    conversation: Conversation,
    row: ScheduledReply,
    stopped: ScheduleStop,
    *,
    reason: str = "",
) -> None:
    row.stopped, row.reason = stopped, reason[:300]
    row.save(update_fields=["stopped", "reason"])
    after = {"code": str(stopped)}
    log.record("reply.held_back", conversation, actor=None, after=after)
    note_schedule(conversation)
