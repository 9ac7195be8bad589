"""What a call keeps of a PBX's events: who rang, who has it, since when; and transfers.

Ringing is added up, for no event says that an extension rings no more: whoever it rang
for sees it until it is answered or has ended. Of those who answered, the last has it.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.events import CallEvent
from conversations.calls.actions.call import stop_holding
from conversations.calls.actions.running_call import OCCUPIED
from conversations.choices import CallState
from conversations.exceptions import NotAMemberError
from conversations.inquiries.actions.inquiry import assign
from conversations.models import Call
from customers.people.text import normalise_phone

# An event so long after the end of a call, or after it rang, is of another call.
_REUSED_AFTER_END = timedelta(hours=1)
_LONGEST_CALL = timedelta(hours=12)


def is_of_another_call(call: Call, at: datetime) -> bool:
    """Whether a PBX that counts anew has given the id of this call again."""
    if call.ended_at is not None:
        return at - call.ended_at > _REUSED_AFTER_END
    return at - (call.answered_at or call.rang_at) > _LONGEST_CALL


def take_facts(
    call: Call, event: CallEvent, member: Membership | None, at: datetime
) -> None:
    region = call.account.phone_region
    call.from_number = call.from_number or (
        normalise_phone(event.from_number, region) or event.from_number
    )
    call.to_number = call.to_number or (
        normalise_phone(event.to_number, region) or event.to_number
    )
    if call.state == CallState.FINISHED:
        return
    call.rang_at = min(call.rang_at, at)
    if event.type == "answered":
        call.answered_at = min(call.answered_at or at, at)
        _take_answer(call, member, at)
    elif event.type == "ended":
        call.ended_at = call.ended_at or at
    elif member is not None:
        _take_ringing(call, member)


def _take_ringing(call: Call, member: Membership) -> None:
    call.rings.add(member)
    if call.answered_at is None and call.state == CallState.RINGING:
        call.member = member if call.rings.count() == 1 else None


def _take_answer(call: Call, member: Membership | None, at: datetime) -> None:
    """The last to answer has it: on a transfer, that is who it was passed to."""
    if member is None:
        return
    is_first = call.state in {CallState.RINGING, CallState.MISSED}
    if call.member_since is not None and at < call.member_since:
        return
    if call.member_since is None and not is_first:
        # Taken on the screen before the PBX told of it.
        call.member_since = call.answered_at
    if call.state in OCCUPIED and call.member_id != member.pk:
        stop_holding(call)
        if call.state == CallState.HELD:
            call.state = CallState.TALKING
    call.member, call.member_since = member, at


def is_transferred(call: Call, state: str, previous: Membership) -> bool:
    """`state`: what it was in before, when `previous` had it."""
    return state in OCCUPIED and call.member_id != previous.pk


def hand_over_work(call: Call, previous: Membership) -> None:
    """The inquiry goes with the call where it was theirs; the notes are the call's."""
    log.record(
        "call.transferred",
        call,
        actor=None,
        before={"member": previous.user.name},
        after={"member": call.member.user.name if call.member else ""},
    )
    inquiry = call.inquiry
    if inquiry is not None and call.member is not None:
        inquiry.refresh_from_db()
        if inquiry.is_open and inquiry.owner_id == previous.pk:
            with suppress(NotAMemberError):  # of those who may not own it
                assign(inquiry, actor=call.member.user, owner=call.member)
