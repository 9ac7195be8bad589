"""A number that changes hands: whoever the provider knows by a stable id is its person.

A telephone number is given to somebody else some time after it is given up; the id that
the provider has made for a person is not.
"""

from collections.abc import Sequence

from conversations.models import Inbox, Reach
from customers.choices import IdentityKind
from customers.models import Customer, Identity
from customers.people.actions.address import AddressKey
from customers.people.actions.claim import record_claim
from customers.people.actions.identities import move_identity

SOURCE = "passed_on"


def passed_on(
    inbox: Inbox, address: AddressKey, numbers: Sequence[Identity]
) -> list[Identity]:
    """Those of `numbers` whose customer this inbox knows by another stable id."""
    kind, value, scope = address
    if is_number(value) or not numbers:
        return []
    reaches = Reach.objects.filter(
        inbox=inbox,
        identity__customer__in={one.customer_id for one in numbers},
        identity__kind=kind,
        identity__scope=scope,
    ).exclude(identity__value=value)
    others = {
        customer
        for customer, other in reaches.values_list(
            "identity__customer", "identity__value"
        )
        if not is_number(other)
    }
    return [one for one in numbers if one.customer_id in others]


def is_number(value: str) -> bool:
    return value.startswith("+")


def pass_on(inbox: Inbox, numbers: Sequence[Identity], customer: Customer) -> None:
    """From now on the numbers are `customer`'s; both threads say that it may be one person.

    What goes to the one before goes by their id alone.
    """
    for identity in numbers:
        before = identity.customer
        move_identity(identity, customer, actor=None)
        _forget_number(inbox, before, identity.value)
        if identity.kind == IdentityKind.PHONE:
            record_claim(before, identity.kind, identity.value, source=SOURCE)


def _forget_number(inbox: Inbox, customer: Customer, number: str) -> None:
    rows = Reach.objects.select_for_update(of=("self",), no_key=True)
    known = rows.filter(inbox=inbox, identity__customer=customer, facts__number=number)
    for reach in known.order_by("pk"):
        reach.facts = {**reach.facts, "number": ""}
        reach.save(update_fields=["facts"])
