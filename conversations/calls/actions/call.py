"""Beginning, holding and ending calls. Double clicks and second tabs change nothing."""

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.calls.actions.mark_on_list import mark_on_list
from conversations.calls.actions.running_call import (
    OCCUPIED,
    attach_customer,
    confirm_number,
    customer_for,
    lock_call,
    lock_user,
    occupied_call,
    phone_inbox,
    refuse_busy,
)
from conversations.calls.selectors.caller import candidates_for, claimants_of
from conversations.choices import CallState, Direction
from conversations.exceptions import (
    BusyError,
    CallOverError,
    CallTakenError,
    NotANumberError,
)
from conversations.live import events
from conversations.models import Call
from customers.models import Customer
from customers.people.text import normalise_phone


@transaction.atomic
def start_call(
    member: Membership,
    *,
    customer: Customer | None = None,
    number: str = "",
    direction: str = Direction.INBOUND,
) -> Call:
    """Begin a call by hand: with a customer, or with a number nobody is known under.

    The same start again gives the same call. A call that rings from that number is
    answered instead. Raises BusyError, NotANumberError.
    """
    lock_user(member.user)
    number = normalise_phone(number, member.account.phone_region)
    if customer is None and not number:
        raise NotANumberError
    running = occupied_call(member.user)
    if running is not None:
        if _is_same(running, member, customer, number):
            return running
        raise BusyError
    ringing = _ringing_from(member, number)
    if ringing is not None:
        return answer_call(ringing, member=member, customer=customer)
    is_inbound = direction == Direction.INBOUND
    call = Call.objects.create(
        account=member.account,
        inbox=phone_inbox(member.account),
        member=member,
        direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
        from_number=number if is_inbound else "",
        to_number="" if is_inbound else number,
        state=CallState.TALKING,
        answered_at=timezone.now(),
    )
    attach_customer(call, customer or customer_for(call), member)
    log.record("call.started", call, actor=member.user, after={"number": number})
    events.call_changed(call)
    return call


def _is_same(
    running: Call, member: Membership, customer: Customer | None, number: str
) -> bool:
    if running.account_id != member.account_id or running.state == CallState.WRAP_UP:
        return False
    if customer is not None:
        conversation = running.conversation
        return conversation is not None and conversation.customer_id == customer.pk
    return running.customer_number == number


def _ringing_from(member: Membership, number: str) -> Call | None:
    if not number:
        return None
    ringing = Call.objects.filter(
        account=member.account,
        state=CallState.RINGING,
        from_number=number,
        ended_at__isnull=True,
    )
    mine = ringing.filter(member=member) | ringing.filter(member__isnull=True)
    return mine.order_by("-rang_at").first()


@transaction.atomic
def answer_call(
    call: Call,
    *,
    member: Membership,
    customer: Customer | None = None,
    as_new: bool = False,
) -> Call:
    """Take a ringing call. `customer` is the one chosen among several candidates.

    With several candidates, or some who merely state the number, and none chosen it is
    taken without a customer, who is chosen while talking. Raises CallTakenError, BusyError.
    """
    lock_user(member.user)
    call = lock_call(call)
    if call.state in OCCUPIED and call.member_id == member.pk:
        return call
    is_mine = call.member_id in {None, member.pk}
    if call.state != CallState.RINGING or not is_mine:
        raise CallTakenError(None if call.member_id == member.pk else call.member)
    refuse_busy(member.user, but=call)
    rang_for_all = call.member_id is None
    call.member = member
    call.answered_at = call.answered_at or timezone.now()
    call.state = CallState.WRAP_UP if call.ended_at else CallState.TALKING
    call.save(update_fields=["member", "answered_at", "state", "updated_at"])
    _settle_customer(call, member, customer, as_new=as_new)
    log.record("call.answered", call, actor=member.user)
    events.call_changed(call)
    if rang_for_all:
        events.call_taken(call)
    return call


@transaction.atomic
def choose_customer(
    call: Call, *, member: Membership, customer: Customer | None
) -> Call:
    """Say whose call it is, among several candidates; None is a new customer."""
    call = _own(call, member)
    if call.state == CallState.FINISHED:
        raise CallOverError
    _settle_customer(call, member, customer, as_new=customer is None)
    log.record("call.customer_chosen", call, actor=member.user)
    events.call_changed(call)
    return call


def _settle_customer(
    call: Call, member: Membership, customer: Customer | None, *, as_new: bool
) -> None:
    """Attach the chosen customer, or the known one, or a new one where nobody is."""
    if customer is None and not as_new:
        if call.conversation is not None:
            customer = call.conversation.customer
        else:
            number = call.customer_number
            known = candidates_for(call.account, number)
            if len(known) > 1 or (not known and claimants_of(call.account, number)):
                return
            customer = known[0] if known else None
    elif customer is not None:
        confirm_number(call, customer, member)
    if customer is None and as_new:
        customer = Customer.objects.create(account=call.account)
    attach_customer(call, customer or customer_for(call), member)


@transaction.atomic
def hold(call: Call, *, member: Membership) -> Call:
    call = _own(call, member)
    if call.state != CallState.TALKING:
        return call
    call.state = CallState.HELD
    call.held_since = timezone.now()
    call.save(update_fields=["state", "held_since", "updated_at"])
    log.record("call.held", call, actor=member.user)
    events.call_changed(call)
    return call


@transaction.atomic
def unhold(call: Call, *, member: Membership) -> Call:
    call = _own(call, member)
    if call.state != CallState.HELD:
        return call
    stop_holding(call)
    call.state = CallState.TALKING
    call.save(update_fields=["state", "held_since", "held_for", "updated_at"])
    log.record("call.unheld", call, actor=member.user)
    events.call_changed(call)
    return call


@transaction.atomic
def end_call(call: Call, *, member: Membership) -> Call:
    """Hang up: what remains is wrap-up, until it is finished."""
    call = _own(call, member)
    if call.state not in {CallState.TALKING, CallState.HELD}:
        return call
    hang_up(call)
    log.record("call.ended", call, actor=member.user)
    events.call_changed(call)
    return call


def hang_up(call: Call) -> None:
    """Into wrap-up; the caller holds the lock, audits and tells."""
    stop_holding(call)
    call.ended_at = call.ended_at or timezone.now()
    call.state = CallState.WRAP_UP
    call.save(
        update_fields=["state", "ended_at", "held_since", "held_for", "updated_at"]
    )
    mark_on_list(call)


def stop_holding(call: Call) -> None:
    if call.held_since is not None:
        call.held_for += max(
            (call.ended_at or timezone.now()) - call.held_since, call.held_for * 0
        )
        call.held_since = None


def _own(call: Call, member: Membership) -> Call:
    """The call, locked. Raises CallTakenError where it is another member's."""
    call = lock_call(call)
    if call.member_id != member.pk:
        raise CallTakenError(call.member)
    return call
