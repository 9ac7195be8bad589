"""The notes of a call, kept while they are typed, and the one phone note they become."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.calls.actions.call import hang_up
from conversations.calls.actions.phone_note import add_phone_note
from conversations.calls.actions.running_call import (
    OCCUPIED,
    attach_customer,
    customer_for,
    lock_call,
    lock_user,
    occupied_call,
)
from conversations.choices import (
    CallOutcome,
    CallState,
    InquiryStatus,
)
from conversations.contents.call_lines import CallLines
from conversations.contents.phone_note import PhoneNote
from conversations.exceptions import CallOverError, CallTakenError
from conversations.inquiries.actions import inquiry as inquiries
from conversations.inquiries.actions.follow_up import add_follow_up
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import Call, ContactReason

MAX_LINE = 4_900  # characters: four of them are within the bounds of a message
_NOBODY_SPOKE = frozenset({CallOutcome.SILENT, CallOutcome.WRONG_NUMBER})
_STILL_WAITING = _NOBODY_SPOKE | {CallOutcome.NO_ANSWER, CallOutcome.LEFT_MESSAGE}


class DraftConflictError(Exception):
    """Another tab has saved since: `call` has its notes and their version."""

    def __init__(self, call: Call) -> None:
        self.call = call
        super().__init__("draft saved elsewhere")


@dataclass(frozen=True)
class WrapUp:
    """What an agent says about a call when it is over."""

    outcome: str
    lines: CallLines = field(default_factory=CallLines)
    reason: ContactReason | None = None
    close_inquiry: bool = False
    follow_up: str = ""
    follow_up_at: datetime | None = None


@transaction.atomic
def save_draft(
    call: Call, *, member: Membership, lines: CallLines, version: int
) -> Call:
    """Keep the notes typed so far; not audited, they become the note.

    `version` is the one the writer has seen. Raises DraftConflictError, CallOverError,
    CallTakenError.
    """
    call = lock_call(call)
    if call.member_id != member.pk:
        raise CallTakenError(call.member)
    if call.state == CallState.FINISHED:
        raise CallOverError
    lines = _prepared(lines)
    if lines == call.notes:
        return call
    if version != call.draft_version:
        raise DraftConflictError(call)
    call.lines, call.draft = lines.as_json(), ""
    call.draft_version += 1
    call.save(update_fields=["lines", "draft", "draft_version", "updated_at"])
    events.call_draft_changed(call)
    return call


def _prepared(lines: CallLines) -> CallLines:
    """Each without card numbers and hostile characters, as it may be written."""
    found = lines.as_json().items()
    return CallLines.from_json({key: prepare_body(one, MAX_LINE) for key, one in found})


@transaction.atomic
def save_wrap_up(call: Call, *, member: Membership, fields: Mapping[str, Any]) -> Call:
    """Keep what has been chosen so far; not audited, it becomes the note.

    Raises CallOverError, CallTakenError.
    """
    call = lock_call(call)
    if call.member_id != member.pk:
        raise CallTakenError(call.member)
    if call.state == CallState.FINISHED:
        raise CallOverError
    call.wrap_up = dict(fields)
    call.save(update_fields=["wrap_up", "updated_at"])
    return call


@transaction.atomic
def finish_call(call: Call, *, member: Membership, wrap_up: WrapUp) -> Call:
    """End the wrap-up: exactly one phone note, whatever is clicked twice.

    Raises CallTakenError, ReasonNeededError.
    """
    lock_user(member.user)
    call = lock_call(call)
    if call.member_id != member.pk:
        raise CallTakenError(call.member)
    if call.state == CallState.FINISHED:
        return call
    if call.state not in OCCUPIED:
        raise CallOverError
    if call.state != CallState.WRAP_UP:
        hang_up(call)
    is_nobody = call.conversation is None and wrap_up.outcome in _NOBODY_SPOKE
    if call.inquiry is None and not is_nobody:
        known = call.conversation.customer if call.conversation else None
        attach_customer(call, known or customer_for(call), member)
    _close(call, wrap_up)
    if call.conversation is not None:
        _note(call, member, wrap_up)
        _settle_inquiry(call, member, wrap_up)
    log.record(
        "call.finished", call, actor=member.user, after={"outcome": wrap_up.outcome}
    )
    events.call_changed(call)
    take_waiting_call(member)
    return call


def _close(call: Call, wrap_up: WrapUp) -> None:
    call.state = CallState.FINISHED
    call.outcome = wrap_up.outcome
    call.reason = wrap_up.reason
    call.lines, call.draft = _prepared(wrap_up.lines).as_json(), ""
    call.wrap_up = {}
    call.save(
        update_fields=[
            *("state", "outcome", "reason", "lines", "draft", "wrap_up", "updated_at")
        ]
    )


def _note(call: Call, member: Membership, wrap_up: WrapUp) -> None:
    assert call.conversation is not None
    add_phone_note(
        call.conversation,
        call=call,
        member=member,
        lines=call.notes,
        facts=PhoneNote(
            direction=call.direction,
            from_=call.from_number,
            to=call.to_number,
            started_at=(call.answered_at or call.rang_at).isoformat(),
            talk_seconds=int(call.talk_time.total_seconds()),
            held_seconds=int(call.held_for.total_seconds()),
            outcome=wrap_up.outcome,
            picked_up_with_code=call.picked_up_with_code,
        ),
    )
    if wrap_up.follow_up or wrap_up.follow_up_at:
        add_follow_up(
            call.conversation,
            owner=member,
            text=wrap_up.follow_up or call.notes.next_,
            due_at=wrap_up.follow_up_at or timezone.now(),
            call=call,
        )


def _settle_inquiry(call: Call, member: Membership, wrap_up: WrapUp) -> None:
    """The customer has been heard; the inquiry has its reason, and is closed if asked."""
    inquiry = call.inquiry
    assert inquiry is not None
    inquiry.refresh_from_db()
    if wrap_up.outcome not in _STILL_WAITING and inquiry.waiting_since is not None:
        inquiry.waiting_since = None
        inquiry.save(update_fields=["waiting_since"])
        events.list_changed(inquiry)
    if wrap_up.close_inquiry and inquiry.is_open:
        dismissed = wrap_up.outcome in _NOBODY_SPOKE
        inquiries.close(
            inquiry,
            actor=member.user,
            reason=wrap_up.reason or inquiry.reason,
            status=InquiryStatus.DISMISSED if dismissed else InquiryStatus.DONE,
        )
    elif wrap_up.reason is not None:
        inquiries.set_reason(inquiry, actor=member.user, reason=wrap_up.reason)


def take_waiting_call(member: Membership) -> Call | None:
    """The next call this person has answered on the handset during the last one."""
    if occupied_call(member.user) is not None:
        return None
    waiting = (
        Call.objects.filter(
            member__user=member.user, state=CallState.RINGING, answered_at__isnull=False
        )
        .order_by("answered_at")
        .first()
    )
    if waiting is None:
        return None
    call = lock_call(waiting)
    call.state = CallState.WRAP_UP if call.ended_at else CallState.TALKING
    call.save(update_fields=["state", "updated_at"])
    if call.conversation is not None and call.member is not None:
        attach_customer(call, call.conversation.customer, call.member)
    events.call_changed(call)
    return call
