"""Finding the customer behind an address, or making one; races give one customer."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.db import transaction

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from agentdesk.round_trip import execute_together
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.models import Customer, Identity
from customers.people.actions.address import (
    AddressKey,
    find_identity,
    lock_address,
    lock_statement,
    normalise_identity,
)
from customers.people.actions.claim import record_claim
from customers.people.actions.dispute import settle_claims
from customers.people.text import clean_text


def find_customer(
    account: ClientAccount, kind: str, value: str, *, scope: str = ""
) -> Customer | None:
    """The customer with that normalised address."""
    return Customer.objects.filter(
        identities__account=account,
        identities__kind=kind,
        identities__scope=scope,
        identities__value=value,
    ).first()


def known_identities(
    account: ClientAccount, addresses: Iterable[AddressKey]
) -> dict[AddressKey, Identity]:
    """Those that are there already, with their customers, by the addresses as given."""
    named = {one: normalise_identity(one[0], one[1], account) for one in addresses}
    values = {(kind, named[kind, raw, scope], scope) for kind, raw, scope in named}
    rows = Identity.objects.select_related("customer").filter(
        account=account,
        kind__in={kind for kind, _value, _scope in values},
        scope__in={scope for _kind, _value, scope in values},
        value__in={value for _kind, value, _scope in values},
    )
    found = {(row.kind, row.value, row.scope): row for row in rows}
    return {
        (kind, raw, scope): found[kind, value, scope]
        for (kind, raw, scope), value in named.items()
        if (kind, value, scope) in found
    }


@transaction.atomic(savepoint=False)
def identify_address(
    account: ClientAccount,
    address: AddressKey,
    *,
    also: Sequence[AddressKey] = (),
    source: str,
    is_test: bool = False,
    verified: bool = True,
) -> Identity:
    """The identity with that address (kind, value, scope), made if there is none.

    `verified`: somebody vouches for it, as providers do for those who write to us.

    A new one goes to the customer of one of `also`, which the provider vouches for,
    else to a customer of its own; `also` that are nobody's become theirs, and those
    of somebody else stay where they are, to be checked.
    """
    kind, raw, scope = address
    value = normalise_identity(kind, raw, account) or raw[:320]
    identity = find_identity(account, kind, value, scope=scope)
    if identity is None:
        identity = _identity_of(
            account,
            (kind, value, scope),
            raw,
            also,
            source,
            is_test=is_test,
            verified=verified,
        )
    for other_kind, other, other_scope in also:
        add_or_claim(
            identity.customer, other_kind, other, source=source, scope=other_scope
        )
    return identity


def _identity_of(
    account: ClientAccount,
    address: AddressKey,
    raw: str,
    also: Sequence[AddressKey],
    source: str,
    *,
    is_test: bool,
    verified: bool,
) -> Identity:
    kind, value, scope = address
    # In one order: another channel may at this moment make a customer of one of `also`.
    for other_kind, other, other_scope in sorted([address, *also]):
        other = normalise_identity(other_kind, other, account) or other[:320]
        lock_address(account, other_kind, other, other_scope)
    identity = find_identity(account, kind, value, scope=scope)
    if identity is not None:
        return identity
    customer = _customer_of(account, also)
    if customer is None:
        customer = Customer.objects.create(account=account, is_test=is_test)
    identity = Identity.objects.create(
        account=account,
        customer=customer,
        kind=kind,
        scope=scope,
        value=value,
        raw=raw[:320],
        verified=verified,
        source=source,
    )
    settle_claims([identity])
    return identity


def _customer_of(
    account: ClientAccount, addresses: Sequence[AddressKey]
) -> Customer | None:
    for kind, raw, scope in addresses:
        value = normalise_identity(kind, raw, account)
        found = find_identity(account, kind, value, scope=scope) if value else None
        if found is not None:
            return found.customer
    return None


def add_or_claim(
    customer: Customer, kind: str, raw: str, *, source: str, scope: str = ""
) -> bool:
    """An address that somebody vouches for: an identity, or a claim where another has it."""
    value = normalise_identity(kind, raw, customer.account)
    held = find_identity(customer.account, kind, value, scope=scope) if value else None
    if not value or (held and held.verified and held.customer_id == customer.pk):
        return bool(value)
    if held is None or held.customer_id == customer.pk:
        with suppress(IdentityTakenError), transaction.atomic():
            add_identity(
                customer,
                kind,
                raw,
                actor=None,
                source=source,
                scope=scope,
                verified=True,
            )
            return True
    if not scope:
        record_claim(customer, kind, raw, source=source)
    return False


_CUSTOMER_OF = (
    f"select customer_id from {Identity._meta.db_table} "  # noqa: S608  # a name of our own
    "where account_id = %s and kind = %s and scope = %s and value = %s"
)


@transaction.atomic(savepoint=False)
def identify(
    account: ClientAccount,
    kind: str,
    value: str,
    *,
    source: str,
    raw: str = "",
    scope: str = "",
    verified: bool = False,
) -> Customer:
    """The customer with that normalised address, made with it if there is none."""
    # The lock, and a look that sees what those have made for whom it has waited.
    _locked, rows = execute_together(
        [
            lock_statement(account, kind, value, scope),
            (_CUSTOMER_OF, [account.pk, kind, scope, value]),
        ]
    )
    if rows:
        return Customer.objects.get(pk=rows[0][0])
    customer = Customer.objects.create(account=account)
    identity = Identity.objects.create(
        account=account,
        customer=customer,
        kind=kind,
        scope=scope,
        value=value,
        raw=raw or value,
        verified=verified,
        source=source,
    )
    settle_claims([identity])
    return customer


@transaction.atomic
def add_identity(
    customer: Customer,
    kind: str,
    raw: str,
    *,
    actor: User | None,
    source: str,
    scope: str = "",
    verified: bool = False,
) -> Identity:
    """Give `customer` one more address; once it is theirs, nothing changes but `verified`.

    Raises InvalidIdentityError, IdentityTakenError.
    """
    value = normalise_identity(kind, raw, customer.account)
    if not value:
        raise InvalidIdentityError
    lock_address(customer.account, kind, value, scope)
    held = find_identity(customer.account, kind, value, scope=scope)
    if held is not None:
        return _confirm(held, customer, actor=actor, verified=verified)
    identity = Identity.objects.create(
        account_id=customer.account_id,
        customer=customer,
        kind=kind,
        scope=scope,
        value=value,
        raw=clean_text(raw).strip()[:320],
        verified=verified,
        source=source,
    )
    log.record(
        "identity.added",
        customer,
        actor=actor,
        after={"kind": kind, "value": value, "verified": verified},
    )
    settle_claims([identity])
    return identity


def _confirm(
    held: Identity, customer: Customer, *, actor: User | None, verified: bool
) -> Identity:
    if held.customer_id != customer.pk:
        raise IdentityTakenError(held.customer)
    if verified and not held.verified:
        held.verified = True
        held.save(update_fields=["verified"])
        log.record(
            "identity.verified", customer, actor=actor, after={"value": held.value}
        )
    return held
