"""The addresses of a customer: those known to be theirs, and those merely stated."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    prefetch_related_objects,
)

from agentdesk.prepared import Call, prepared
from customers.choices import IdentityKind
from customers.kinds import kind_of, place_of
from customers.models import Claim, Customer, Identity
from customers.people.text import display_phone

_READABLE = 16  # letters
# Of what others state about a customer's addresses: the next when one is decided.
MOST_SHOWN = 5
_MOST_READ = 100


@dataclass(frozen=True)
class Address:
    """One identity as it is read: nationally spelled, with its icon."""

    identity: Identity
    text: str

    @property
    def short(self) -> str:
        """`Chat · U4af…9c1` for a provider's long id; else nothing."""
        kind = kind_of(self.identity.kind)
        value = self.identity.value
        if not kind.is_opaque or len(value) <= _READABLE:
            return ""
        return f"{kind.label} · {value[:4]}…{value[-3:]}"

    @property
    def icon(self) -> str:
        return kind_of(self.identity.kind).icon

    @property
    def is_phone(self) -> bool:
        return self.identity.kind == IdentityKind.PHONE

    @property
    def is_anonymous(self) -> bool:
        """A number of ours for a browser; nobody reads it out or copies it."""
        return self.identity.kind == IdentityKind.WEB


@dataclass(frozen=True)
class Stated:
    """A claim as it is read. `other`: the customer who has the address, or who states it."""

    claim: Claim
    text: str
    other: Customer | None = None

    @property
    def is_phone(self) -> bool:
        return self.claim.kind == IdentityKind.PHONE

    @property
    def icon(self) -> str:
        return kind_of(self.claim.kind).icon


@dataclass(frozen=True)
class Contacts:
    """`stated` by the customer; `stated_by_others`: what is this customer's."""

    addresses: list[Address]
    stated: list[Stated]
    stated_by_others: list[Stated]

    @property
    def has_to_be_looked_at(self) -> bool:
        """Whether something waits for a member: a claim, or a sender that is doubted."""
        doubted = any(one.identity.doubted_at for one in self.addresses)
        return bool(doubted or self.stated or self.stated_by_others)

    @property
    def disputes(self) -> list[Stated]:
        return [one for one in (*self.stated, *self.stated_by_others) if one.other]


def contacts(customer: Customer) -> Contacts:
    """Two queries, three where an address is disputed."""
    prefetch_related_objects([customer], "identities")
    claims = _claims(customer, list(customer.identities.all()))
    own = [claim for claim in claims if claim.customer_id == customer.pk]
    holders = Customer.objects.in_bulk(
        {claim.holder_id for claim in own if claim.holder_id}  # type: ignore[attr-defined]  # annotated
        - {customer.pk}
    )
    return Contacts(
        addresses(customer),
        [
            _stated(claim, customer, holders.get(claim.holder_id))  # type: ignore[attr-defined]  # annotated
            for claim in own
        ],
        [
            _stated(claim, customer, claim.customer)
            for claim in claims
            if claim.customer_id != customer.pk
        ][:MOST_SHOWN],
    )


def is_disputed(customer: str) -> Q:
    """A condition: that `customer` (a path) states what another has, or the reverse.

    Both are looked up by the few addresses of the one customer.
    """
    same = {name: OuterRef(name) for name in ("account", "kind", "value")}
    holders = Identity.objects.filter(**same, scope="")
    claimants = Claim.objects.open().filter(**same)
    others = {"customer": OuterRef("customer")}
    stated = Claim.objects.open().filter(customer=OuterRef(customer))
    held = Identity.objects.filter(customer=OuterRef(customer), scope="")
    return Q(Exists(stated.filter(Exists(holders.exclude(**others))))) | Q(
        Exists(held.filter(Exists(claimants.exclude(**others))))
    )


def _claims(customer: Customer, identities: Sequence[Identity]) -> list[Claim]:
    """What the customer states, and what others state of the customer's addresses."""
    rows = _claims_about(*_claim_parameters(customer, identities))
    known = {(one.kind, one.value) for one in identities if not one.scope}
    return [
        row
        for row in rows
        if row.customer_id == customer.pk or (row.kind, row.value) in known
    ]


def claims_ahead(customer: Customer, identities: Sequence[Identity]) -> Call:
    """What `contacts` will read, for `read_ahead`."""
    return _claims_about.of(*_claim_parameters(customer, identities))


def _claim_parameters(
    customer: Customer, identities: Sequence[Identity]
) -> tuple[int, int, list[str], list[str]]:
    ours = [one for one in identities if not one.scope]
    kinds, values = {one.kind for one in ours}, {one.value for one in ours}
    return customer.pk, customer.account_id, sorted(kinds), sorted(values)


@prepared
def _claims_about(
    customer_id: int, account_id: int, kinds: list[str], values: list[str]
) -> QuerySet[Claim]:
    """With `holder_id`: the customer who has that address."""
    holders = Identity.objects.filter(
        account=OuterRef("account"),
        kind=OuterRef("kind"),
        value=OuterRef("value"),
        scope="",
    )
    is_wanted = Q(customer=customer_id)
    if values:
        is_wanted |= Q(account=account_id, kind__in=kinds, value__in=values)
    else:
        is_wanted &= Q(account=account_id)
    rows = Claim.objects.open().filter(is_wanted)
    rows = rows.annotate(holder_id=Subquery(holders.values("customer")[:1]))
    own_first = Case(When(customer=customer_id, then=0), default=1)
    return rows.select_related("customer").order_by(own_first, "pk")[:_MOST_READ]


def _stated(claim: Claim, customer: Customer, other: Customer | None) -> Stated:
    text = claim.value
    if claim.kind == IdentityKind.PHONE:
        text = display_phone(claim.value, customer.account.phone_region)
    return Stated(claim, text, other)


def addresses(customer: Customer) -> list[Address]:
    region = customer.account.phone_region
    rows = sorted(
        customer.identities.all(), key=lambda row: (place_of(row.kind), row.pk)
    )
    return [Address(row, _address_text(row, region)) for row in rows]


def _address_text(identity: Identity, region: str) -> str:
    if kind_of(identity.kind).is_number:
        return display_phone(identity.value, region)
    return identity.value
