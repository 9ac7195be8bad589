"""What members do to an inquiry: take, hand over, set aside, close, reopen."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.choices import (
    OPEN_STATUSES,
    InquiryStatus,
    NotificationKind,
    ThreadEvent,
)
from conversations.exceptions import (
    AlreadyClosedError,
    AnotherOpenError,
    NotAMemberError,
    OwnedError,
    PastTimeError,
    ReasonNeededError,
    UnreadMessageError,
)
from conversations.inquiries.actions import open_inquiry
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.actions.record import add_line
from conversations.inquiries.selectors.newest_message import has_inbound_since
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import ContactReason, Inquiry, Message

_CLOSING = (
    "status",
    "reason",
    "summary",
    "closed_at",
    "last_activity_at",
    "waiting_since",
    "snoozed_until",
)


@transaction.atomic
def assign(
    inquiry: Inquiry,
    *,
    actor: User,
    owner: Membership | None,
    note: Message | None = None,
) -> Inquiry:
    """Give the inquiry to a member, or to nobody. Raises NotAMemberError.

    `note` is what the new owner is notified with.
    """
    inquiry = _lock(inquiry)
    if owner is not None and not _may_own(owner, inquiry):
        raise NotAMemberError
    if not inquiry.is_open:
        raise AlreadyClosedError
    if inquiry.owner_id == (owner.pk if owner else None):
        return inquiry
    before = {"owner": inquiry.owner.user.name if inquiry.owner else None}
    inquiry.owner = owner
    if owner and inquiry.status == InquiryStatus.NEW:
        inquiry.status = InquiryStatus.ACTIVE
    inquiry.save(update_fields=["owner", "status"])
    after = {"owner": owner.user.name if owner else None}
    _record(inquiry, "inquiry.assigned", ThreadEvent.ASSIGNED, actor, before, after)
    if owner is not None and owner.user_id != actor.pk:
        kind = NotificationKind.ASSIGNED
        notify(owner, kind, inquiry.conversation, message=note)
    return inquiry


@transaction.atomic
def take(inquiry: Inquiry, *, member: Membership, seen_owner: int) -> Inquiry:
    """Make it the member's, unless it has gone to somebody they have not seen there.

    `seen_owner` is the owner's number on the member's screen, 0 where it was nobody's.
    Raises OwnedError, AlreadyClosedError.
    """
    inquiry = _lock(inquiry)
    owner = inquiry.owner
    if owner is not None and owner.pk not in {seen_owner, member.pk}:
        raise OwnedError(owner)
    return assign(inquiry, actor=member.user, owner=member)


@transaction.atomic
def set_status(inquiry: Inquiry, *, actor: User, status: str) -> Inquiry:
    """Move an open inquiry among the open statuses; closing is `close`."""
    inquiry = _lock(inquiry)
    if not inquiry.is_open or status not in OPEN_STATUSES:
        raise AlreadyClosedError
    if inquiry.status == status:
        return inquiry
    before = {"status": inquiry.status}
    inquiry.status = status
    if status == InquiryStatus.PENDING:
        inquiry.waiting_since = None
    inquiry.save(update_fields=["status", "waiting_since"])
    _record(
        inquiry,
        "inquiry.status",
        ThreadEvent.STATUS,
        actor,
        before,
        {"status": str(status)},
    )
    return inquiry


@transaction.atomic
def set_reason(
    inquiry: Inquiry, *, actor: User, reason: ContactReason | None
) -> Inquiry:
    inquiry = _lock(inquiry)
    if inquiry.reason_id == (reason.pk if reason else None):
        return inquiry
    before = {"reason": inquiry.reason.name if inquiry.reason else None}
    inquiry.reason = reason
    inquiry.save(update_fields=["reason"])
    after = {"reason": reason.name if reason else None}
    _record(inquiry, "inquiry.reason", ThreadEvent.REASON, actor, before, after)
    return inquiry


@transaction.atomic
def close(
    inquiry: Inquiry,
    *,
    actor: User,
    reason: ContactReason | None,
    status: str = InquiryStatus.DONE,
    summary: str = "",
    seen: int | None = None,
) -> Inquiry:
    """Close as done, or as needing no action.

    `seen` is the newest message that was there when the closing began. Raises
    ReasonNeededError, AlreadyClosedError, UnreadMessageError.
    """
    inquiry = _lock(inquiry)
    if not inquiry.is_open:
        raise AlreadyClosedError
    if seen is not None and has_inbound_since(inquiry.conversation, seen):
        raise UnreadMessageError
    if reason is None:
        raise ReasonNeededError
    before = {"status": inquiry.status}
    is_dismissed = status == InquiryStatus.DISMISSED
    inquiry.status = InquiryStatus.DISMISSED if is_dismissed else InquiryStatus.DONE
    inquiry.reason = reason
    inquiry.summary = prepare_body(summary, 2000)
    inquiry.closed_at = inquiry.last_activity_at = timezone.now()
    inquiry.waiting_since = inquiry.snoozed_until = None
    inquiry.save(update_fields=_CLOSING)
    after = {"status": str(inquiry.status), "reason": reason.name}
    _record(inquiry, "inquiry.closed", ThreadEvent.CLOSED, actor, before, after)
    return inquiry


@transaction.atomic
def reopen(inquiry: Inquiry, *, actor: User) -> Inquiry:
    """Open a closed inquiry again. Raises AnotherOpenError."""
    inquiry = _lock(inquiry)
    if inquiry.is_open:
        return inquiry
    if inquiry.conversation.inquiries.open().exists():
        raise AnotherOpenError
    return open_inquiry.reopen(inquiry, actor=actor)


@transaction.atomic
def snooze(inquiry: Inquiry, *, actor: User, until: datetime) -> Inquiry:
    """Hide it from the lists until then, or until the customer writes. Raises PastTimeError."""
    inquiry = _lock(inquiry)
    if not inquiry.is_open:
        raise AlreadyClosedError
    if until <= timezone.now():
        raise PastTimeError
    inquiry.snoozed_until = until
    inquiry.save(update_fields=["snoozed_until"])
    after = {"until": until.isoformat()}
    _record(inquiry, "inquiry.snoozed", ThreadEvent.SNOOZED, actor, {}, after)
    return inquiry


@transaction.atomic
def wake(inquiry: Inquiry, *, actor: User | None) -> Inquiry:
    """Back into the lists, when its time has come or a member says so."""
    inquiry = _lock(inquiry)
    if inquiry.snoozed_until is None:
        return inquiry
    inquiry.snoozed_until = None
    inquiry.save(update_fields=["snoozed_until"])
    _record(inquiry, "inquiry.woken", ThreadEvent.WOKEN, actor, {}, {})
    if inquiry.owner is not None and actor is None:
        notify(inquiry.owner, NotificationKind.WOKEN, inquiry.conversation)
    return inquiry


def _lock(inquiry: Inquiry) -> Inquiry:
    """Conversation first, as every writer does: no deadlock, and lines in order."""
    lock(inquiry.conversation)
    return (
        Inquiry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conversation", "owner", "owner__user", "reason")
        .get(pk=inquiry.pk)
    )


def _may_own(owner: Membership, inquiry: Inquiry) -> bool:
    return (
        owner.account_id == inquiry.account_id
        and owner.is_active
        and owner.user.is_active
    )


def _record(
    inquiry: Inquiry,
    action: str,
    event: ThreadEvent,
    actor: User | None,
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
) -> None:
    log.record(action, inquiry, actor=actor, before=before, after=after)
    add_line(
        inquiry.conversation, inquiry, event, actor=actor, before=before, after=after
    )
    events.inquiry_changed(inquiry)
