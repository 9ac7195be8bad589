"""An address that a member types: theirs where the member has it confirmed, else stated."""

from django.db import transaction

from agentdesk.accounts.models import User
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.models import Customer
from customers.people.actions.address import find_identity, normalise_identity
from customers.people.actions.claim import STATED_KINDS, record_claim
from customers.people.actions.identify import add_identity

SOURCE = "desk"


@transaction.atomic
def add_by_hand(
    customer: Customer, kind: str, raw: str, *, actor: User, is_confirmed: bool
) -> None:
    """Raises InvalidIdentityError, IdentityTakenError: a member sees at once whose it is."""
    value = normalise_identity(kind, raw, customer.account)
    if not value:
        raise InvalidIdentityError
    held = find_identity(customer.account, kind, value)
    if held is not None and held.customer_id != customer.pk:
        raise IdentityTakenError(held.customer)
    if is_confirmed or kind not in STATED_KINDS:
        add_identity(
            customer, kind, raw, actor=actor, source=SOURCE, verified=is_confirmed
        )
    else:
        record_claim(customer, kind, raw, source=SOURCE, actor=actor)
