"""What every action on a call stands on: its lock, one call a person, its customer."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agentdesk.accounts.models import ClientAccount, Membership, User
from conversations.calls.actions.mark_on_list import leave_list, mark_on_list
from conversations.choices import (
    CallState,
    Channel,
    InquiryStatus,
    MessageKind,
    ThreadEvent,
)
from conversations.exceptions import BusyError
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.inquiry import assign
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.models import Call, Conversation, Inbox, Queue
from customers.choices import ClaimProof, ClaimState, IdentityKind
from customers.exceptions import ClaimRefutedError, IdentityTakenError
from customers.models import Customer
from customers.people.actions.decide_claim import prove_claim
from customers.people.actions.identify import identify
from customers.people.text import normalise_phone

OCCUPIED = (CallState.TALKING, CallState.HELD, CallState.WRAP_UP)


def lock_call(call: Call) -> Call:
    return (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "account",
            "member__user",
            "inbox__queue",
            "conversation__customer",
            "conversation__account",
            "inquiry",
        )
        .get(pk=call.pk)
    )


def lock_user(user: User) -> None:
    """Serialise everything one person does with calls, in whichever account."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def lock_users(users: Iterable[int]) -> None:
    """The same for several persons, in one order."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=set(users))
    list(rows.order_by("pk"))


def occupied_call(user: User) -> Call | None:
    """The call this person has now, in whichever account, wrap-up included."""
    return (
        Call.objects.filter(member__user=user, state__in=OCCUPIED)
        .select_related("conversation", "account")
        .first()
    )


def refuse_busy(user: User, *, but: Call | None = None) -> None:
    """Raises BusyError while the person has another call."""
    running = occupied_call(user)
    if running is not None and (but is None or running.pk != but.pk):
        raise BusyError


def phone_inbox(account: ClientAccount) -> Inbox | None:
    return (
        Inbox.objects.running()
        .filter(account=account, channel=Channel.PHONE)
        .select_related("queue")
        .order_by("pk")
        .first()
    )


def customer_for(call: Call) -> Customer:
    """A customer for a number nobody is known under; one without it when withheld."""
    number = normalise_phone(call.customer_number, call.account.phone_region)
    if number:
        return identify(
            call.account,
            IdentityKind.PHONE,
            number,
            raw=call.customer_number,
            source="phone",
        )
    return Customer.objects.create(account=call.account)


def confirm_number(call: Call, customer: Customer, member: Membership) -> None:
    """Chosen by the member, who has asked: a number the customer states is theirs.

    Where it is another customer's the claim stays, and both threads say so.
    """
    number = normalise_phone(call.customer_number, call.account.phone_region)
    claims = customer.claims.filter(kind=IdentityKind.PHONE, value=number)
    claim = claims.filter(state=ClaimState.OPEN).first() if number else None
    if claim is not None:
        with suppress(IdentityTakenError, ClaimRefutedError), transaction.atomic():
            prove_claim(claim, actor=member.user, proof=ClaimProof.CALL)


def attach_customer(call: Call, customer: Customer, member: Membership) -> None:
    """The call is this customer's: it joins their open inquiry, which somebody owns."""
    conversation = conversation_of(customer)
    if call.conversation_id == conversation.pk and call.inquiry_id is not None:
        return
    leave_list(call)
    leave_empty_customer(call, but=conversation)
    call.conversation = conversation
    call.inquiry = current_inquiry(
        conversation,
        channel=Channel.PHONE,
        queue=queue_of(call),
        at=timezone.now(),
        actor=member.user,
    )
    call.save(update_fields=["conversation", "inquiry", "updated_at"])
    if call.inquiry.owner_id is None:
        call.inquiry = assign(call.inquiry, actor=member.user, owner=member)
    mark_on_list(call)


def queue_of(call: Call) -> Queue:
    if call.inbox is not None:
        return call.inbox.queue
    return Queue.objects.get(account_id=call.account_id, is_default=True)


def is_shell(conversation: Conversation, *, call: Call) -> bool:
    """Nothing is known of its customer but the number of this very call."""
    customer = conversation.customer
    facts = Q(kind=MessageKind.SYSTEM) & ~Q(event=ThreadEvent.MISSED_CALL)
    return not (
        customer.is_named
        or customer.caution
        or customer.identities.exclude(kind=IdentityKind.PHONE, source="phone").exists()
        or customer.claims.exists()
        or customer.orders.exists()
        or conversation.messages.exclude(facts).exists()
        or conversation.calls.exclude(pk=call.pk).exists()
        or conversation.created_at < call.rang_at - timedelta(minutes=1)
    )


def leave_empty_customer(call: Call, *, but: Conversation) -> None:
    """An inquiry opened only because this call rang needs no action any more."""
    left = call.conversation
    if left is None or left.pk == but.pk or not is_shell(left, call=call):
        return
    for inquiry in left.inquiries.open().select_for_update(no_key=True):
        inquiry.status = InquiryStatus.DISMISSED
        inquiry.closed_at = timezone.now()
        inquiry.waiting_since = None
        inquiry.save(update_fields=["status", "closed_at", "waiting_since"])
        events.inquiry_changed(inquiry)
