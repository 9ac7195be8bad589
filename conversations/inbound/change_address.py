"""A person goes on under another address: the conversation stays theirs."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from conversations.adapters.events import Address, AddressChange
from conversations.choices import ClosedReason, ThreadEvent
from conversations.inbound.identify import identity_of, scoped
from conversations.inquiries.actions.conversation import (
    conversation_of,
    conversations_of,
)
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import Inbox, Reach
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.models import Customer, Identity
from customers.people.actions.address import find_identity
from customers.people.actions.identify import add_identity


def apply_address_change(
    inbox: Inbox, change: AddressChange, *, received_at: datetime
) -> None:
    """The person goes on under another address: the old one stays beside it."""
    known = _first_known(inbox, (change.before, *change.before_also))
    if known is None:
        identity_of(inbox, change.after)
        return
    customer = known.customer
    for address in (change.after.address, *change.after.also):
        kind, value, scope = scoped(inbox, address)
        try:
            add_identity(
                customer,
                kind,
                value,
                actor=None,
                source=inbox.channel,
                scope=scope,
                verified=True,
            )
        except (IdentityTakenError, InvalidIdentityError):
            continue
    at = min(change.occurred_at or received_at, timezone.now())
    other = _first_known(inbox, (change.after.address, *change.after.also))
    if other is not None and other.customer_id != customer.pk:
        _request_check(customer, other.customer, change, at=at)
    _move_reaches(inbox, customer, change, received_at=received_at)
    _add_line_once(customer, change, at=at)


def _request_check(
    customer: Customer, other: Customer, change: AddressChange, *, at: datetime
) -> None:
    """The new address was somebody's before the change was told: two threads of one."""
    both = conversations_of([customer, other])
    here, there = both[customer.pk], both[other.pk]
    value = {"value": change.after.address.value, "before": change.before.value}
    for one, beside in ((here, there), (there, here)):
        after = {"reason": "address_taken", **value, "conversation": beside.pk}
        known = one.messages.filter(event=ThreadEvent.TO_CHECK, occurred_at=at)
        if not known.saying(after).exists():
            add_line(one, None, ThreadEvent.TO_CHECK, actor=None, after=after, at=at)


def _first_known(inbox: Inbox, addresses: Sequence[Address]) -> Identity | None:
    for address in addresses:
        kind, value, scope = scoped(inbox, address)
        known = find_identity(inbox.account, kind, value, scope=scope)
        if known is not None:
            return known
    return None


def _move_reaches(
    inbox: Inbox, customer: Customer, change: AddressChange, *, received_at: datetime
) -> None:
    """Replies go to the new address from now on, within the window the old one had."""
    before = [scoped(inbox, one) for one in (change.before, *change.before_also)]
    kind, value, scope = scoped(inbox, change.after.address)
    identity = find_identity(inbox.account, kind, value, scope=scope)
    if identity is None or identity.customer_id != customer.pk:
        return
    at = change.occurred_at or received_at
    last_contact = None
    rows = Reach.objects.select_for_update(of=("self",), no_key=True)
    for reach in rows.filter(inbox=inbox, identity__customer=customer).select_related(
        "identity"
    ):
        old = reach.identity
        if (old.kind, old.value, old.scope) not in before or old.pk == identity.pk:
            continue
        last_contact = max(
            filter(None, (last_contact, reach.last_heard_at)), default=None
        )
        reach.closed_reason, reach.closed_at = ClosedReason.UNREACHABLE, at
        reach.save(update_fields=["closed_reason", "closed_at"])
    Reach.objects.get_or_create(
        inbox=inbox,
        identity=identity,
        defaults={"account_id": inbox.account_id, "last_heard_at": last_contact},
    )
    events.compose_changed(conversation_of(customer))


def _add_line_once(customer: Customer, change: AddressChange, *, at: datetime) -> None:
    """A line in the thread; once, however often it is told."""
    conversation = conversation_of(customer)
    after = {"before": change.before.value, "value": change.after.address.value}
    event = ThreadEvent.ADDRESS_CHANGED
    known = conversation.messages.filter(event=event, occurred_at=at)
    if not known.saying(after).exists():
        add_line(conversation, None, event, actor=None, after=after, at=at)
