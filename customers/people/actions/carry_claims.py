"""What somebody has stated goes along when they turn out to be another customer."""

from django.db.models import Exists, OuterRef

from customers.models import Claim, Customer, Identity
from customers.people.actions.dispute import settle_claims


def carry_claims(leaving: Customer, staying: Customer) -> None:
    """Undecided ones are `staying`'s from now on, who may have stated them as well.

    The caller holds the locks of both, and `return_claims` undoes it.
    """
    same = {name: OuterRef(name) for name in ("kind", "value")}
    known = Claim.objects.filter(customer=staying, **same)
    rows = Claim.objects.open().filter(customer=leaving).exclude(Exists(known))
    if rows.update(customer=staying, stated_by=leaving):
        settle_claims(list(Identity.objects.filter(customer=staying, scope="")))


def return_claims(staying: Customer, left: Customer) -> None:
    """They are two people: whatever has been decided about what `left` has stated."""
    rows = Claim.objects.filter(customer=staying, stated_by=left)
    same = {name: OuterRef(name) for name in ("kind", "value")}
    known = Claim.objects.filter(customer=left, **same)
    rows.exclude(Exists(known)).update(customer=left, stated_by=None)
