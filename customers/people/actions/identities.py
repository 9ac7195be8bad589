"""Confirming, moving and taking away addresses of a customer; adding is in `identify`."""

from django.db import transaction
from django.db.models import ProtectedError

from agentdesk.accounts.models import User
from agentdesk.audit import log
from customers.models import Customer, Identity
from customers.people.actions.dispute import settle_claims
from customers.people.live import customer_changed


@transaction.atomic
def verify_identity(identity: Identity, *, actor: User | None) -> Identity:
    """Say that it is really theirs, whatever a mail that pretended to be has done."""
    row = Identity.objects.select_for_update(of=("self",), no_key=True).get(
        pk=identity.pk
    )
    if row.verified and row.doubted_at is None:
        return row
    before = row.verified
    row.verified, row.doubted_at = True, None
    row.save(update_fields=["verified", "doubted_at"])
    log.record(
        "identity.verified",
        row.customer,
        actor=actor,
        before={"verified": before},
        after={"kind": row.kind, "value": row.value, "verified": True},
    )
    customer_changed(row.customer)
    return row


@transaction.atomic
def remove_identity(identity: Identity, *, actor: User | None) -> None:
    """Take the address from its customer; whoever writes from it next is new.

    One that has written stays what its messages were written by, of a new customer.
    Removing the last one is allowed: the customer and everything of theirs stay.
    """
    row = (
        Identity.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=identity.pk)
        .first()
    )
    if row is None:
        return
    customer = row.customer
    about = {"kind": row.kind, "value": row.value, "verified": row.verified}
    try:
        row.delete()
    except ProtectedError:
        nobody = Customer.objects.create(
            account_id=row.account_id, is_test=customer.is_test
        )
        move_identity(row, nobody, actor=actor)
    log.record("identity.removed", customer, actor=actor, before=about)
    customer_changed(customer)


@transaction.atomic
def move_identity(
    identity: Identity, customer: Customer, *, actor: User | None
) -> Identity:
    """From now on the address is that customer's; what was written by it stays."""
    row = Identity.objects.select_for_update(of=("self",), no_key=True).get(
        pk=identity.pk
    )
    if row.customer_id == customer.pk:
        return row
    before = row.customer
    row.customer = customer
    row.save(update_fields=["customer"])
    about = {"kind": row.kind, "value": row.value}
    for one in (before, customer):
        log.record(
            "identity.moved",
            one,
            actor=actor,
            before={**about, "customer": before.pk},
            after={**about, "customer": customer.pk},
        )
        customer_changed(one)
    settle_claims([row])
    return row
