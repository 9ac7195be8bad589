"""Addresses that customers merely state: kept and shown, never looked up as identities."""

from django.db import transaction

from customers.actions.identify import normalise_identity
from customers.models import Claim, Customer
from customers.text import clean_text


@transaction.atomic(savepoint=False)
def record_claim(
    customer: Customer, kind: str, raw: str, *, source: str
) -> Claim | None:
    """Store that `customer` states this address; the same again changes nothing.

    None where it cannot be an address of that kind, or is an identity of theirs already.
    """
    value = normalise_identity(kind, raw, customer.account)
    if not value or customer.identities.filter(kind=kind, value=value).exists():
        return None
    claim, _is_new = Claim.objects.get_or_create(
        customer=customer,
        kind=kind,
        value=value,
        defaults={
            "account_id": customer.account_id,
            "raw": clean_text(raw).strip()[:320],
            "source": source,
        },
    )
    return claim
