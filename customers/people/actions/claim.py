"""Addresses that customers merely state: stored and shown, never looked up as identities."""

from django.db import transaction

from agentdesk.accounts.models import User
from agentdesk.audit import log
from customers.choices import IdentityKind
from customers.models import Claim, Customer
from customers.people.actions.address import (
    find_identity,
    lock_address,
    normalise_identity,
)
from customers.people.actions.dispute import dispute
from customers.people.text import clean_text

# What people write on forms and in files; all else comes from a provider or a shop.
STATED_KINDS = (IdentityKind.PHONE, IdentityKind.EMAIL)
# Undecided ones of one customer: who states more is trying addresses out.
MOST_UNDECIDED = 20


@transaction.atomic(savepoint=False)
def record_claim(
    customer: Customer,
    kind: str,
    raw: str,
    *,
    source: str,
    actor: User | None = None,
) -> Claim | None:
    """Store that `customer` states this address; the same again changes nothing.

    None where it is no phone number or mail address, or an identity of theirs already,
    where a customer has stated too many, and for customers of a test. Where it is
    somebody else's identity, both are to be checked.
    """
    value = normalise_identity(kind, raw, customer.account)
    if not value or kind not in STATED_KINDS or customer.is_test:
        return None
    known = Claim.objects.filter(customer=customer, kind=kind, value=value).first()
    if known is not None or (actor is None and _has_stated_enough(customer)):
        return known
    lock_address(customer.account, kind, value, "")
    holder = find_identity(customer.account, kind, value)
    if holder is not None and holder.customer_id == customer.pk:
        return None
    claim, is_new = Claim.objects.get_or_create(
        customer=customer,
        kind=kind,
        value=value,
        defaults={
            "account_id": customer.account_id,
            "raw": clean_text(raw).strip()[:320],
            "source": source,
        },
    )
    if is_new:
        after = {"kind": kind, "value": value, "source": source}
        log.record("claim.recorded", customer, actor=actor, after=after)
        if holder is not None:
            dispute(claim, holder)
    return claim


def _has_stated_enough(customer: Customer) -> bool:
    return Claim.objects.open().filter(customer=customer).count() >= MOST_UNDECIDED
