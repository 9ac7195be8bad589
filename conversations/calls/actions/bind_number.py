"""Making the caller's number a verified identity of the customer, when the agent says so."""

from django.db import transaction

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.calls.actions.running_call import is_shell, lock_call
from conversations.choices import Direction, ThreadEvent
from conversations.exceptions import CallTakenError, NotANumberError
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import Call, Conversation
from customers.choices import IdentityKind
from customers.exceptions import IdentityTakenError
from customers.models import Customer, Identity
from customers.people.actions.identify import add_identity
from customers.people.text import normalise_phone


@transaction.atomic
def bind_number(call: Call, *, member: Membership, number: str = "") -> Identity:
    """The call's number, or the one the agent typed, is this customer's: verified.

    A number that belongs to somebody else stays theirs: raises IdentityTakenError, which
    names them. The empty customer that only this call's ringing made gives it up.
    Also raises NotANumberError, CallTakenError.
    """
    call = _own(call, member)
    number = normalise_phone(number or call.customer_number, call.account.phone_region)
    if not number or call.conversation is None:
        raise NotANumberError
    identity = _bind(call, call.conversation, member, number)
    _settle(call, number)
    add_line(
        call.conversation,
        call.inquiry,
        ThreadEvent.IDENTITY_ADDED,
        actor=member.user,
        after={"kind": str(IdentityKind.PHONE), "value": number},
    )
    events.customer_changed(call.conversation.customer)
    events.call_changed(call)
    return identity


def _bind(
    call: Call, conversation: Conversation, member: Membership, number: str
) -> Identity:
    customer = conversation.customer
    try:
        return _add(customer, member, number)
    except IdentityTakenError as taken:
        if not _is_made_by(call, taken.customer):
            raise
    held = Identity.objects.select_for_update(no_key=True).get(
        account_id=call.account_id, kind=IdentityKind.PHONE, scope="", value=number
    )
    before = {"customer": held.customer_id}
    held.customer = customer
    held.save(update_fields=["customer"])
    log.record(
        "identity.moved",
        held,
        actor=member.user,
        before=before,
        after={"customer": customer.pk},
    )
    return _add(customer, member, number)


def _add(customer: Customer, member: Membership, number: str) -> Identity:
    return add_identity(
        customer,
        IdentityKind.PHONE,
        number,
        actor=member.user,
        source="phone",
        verified=True,
    )


def _is_made_by(call: Call, customer: Customer) -> bool:
    conversation = Conversation.objects.filter(customer=customer).first()
    return conversation is not None and is_shell(conversation, call=call)


def _settle(call: Call, number: str) -> None:
    call.number_settled = True
    if call.direction == Direction.INBOUND:
        call.from_number = number
    else:
        call.to_number = number
    call.save(update_fields=["number_settled", "from_number", "to_number"])


@transaction.atomic
def decline_number(call: Call, *, member: Membership) -> Call:
    """The number is not the customer's own: do not ask again during this call."""
    call = _own(call, member)
    call.number_settled = True
    call.save(update_fields=["number_settled"])
    log.record("call.number_declined", call, actor=member.user)
    events.call_changed(call)
    return call


def _own(call: Call, member: Membership) -> Call:
    call = lock_call(call)
    if call.member_id != member.pk:
        raise CallTakenError(call.member)
    return call
