"""Whose order it is: by the shop's number, an established address, a claim; or somebody new.

A cell of a file is a claim: it shows, and finds among other claims whoever has the same
name. It never becomes an identity, unless the shop says that its members confirmed it.
"""

from dataclasses import dataclass, field

from customers.choices import IdentityKind
from customers.imports.base import Source
from customers.imports.order_people import (
    CLAIM_SOURCE,
    AmbiguousError,
    Key,
    NewOrder,
    People,
    Person,
)
from customers.models import Claim, Customer, Identity
from customers.people.actions.complete import Known, complete_customers
from customers.people.actions.dispute import settle_claims


@dataclass
class Resolved:
    customers: dict[int, int] = field(default_factory=dict)  # seq → customer
    conflicts: list[int] = field(default_factory=list)
    customers_created: int = 0
    customers_completed: int = 0
    claims_recorded: int = 0
    identities_confirmed: int = 0


def resolve(source: Source, orders: list[NewOrder]) -> Resolved:
    """Find or make the customer of each, in the order of the file."""
    result = Resolved()
    if not orders:
        return result
    people = People(source.account, orders)
    records = _Records(source, people)
    owners: dict[int, Person] = {}
    known: list[tuple[Customer, Known]] = []
    for order in orders:
        try:
            person = people.find(order) or people.add(order)
        except AmbiguousError:
            result.conflicts.append(order.seq)
            continue
        records.note(person, order)
        owners[order.seq] = person
        if not person.is_new and not person.contradicts(order):
            known.append((person.customer, order.known))
    records.write(result)
    result.customers_completed = complete_customers(known)
    result.customers = {seq: person.customer.pk for seq, person in owners.items()}
    return result


class _Records:
    """What a batch has to write about its people."""

    def __init__(self, source: Source, people: People) -> None:
        self.source = source
        self.people = people
        self.identities: list[Identity] = []
        self.claims: list[Claim] = []
        self.confirmed = 0

    def note(self, person: Person, order: NewOrder) -> None:
        if order.shop:
            self._note_number(person, order)
        for key, raw in order.addresses:
            if key in person.held:
                continue
            is_free = key not in self.people.holders
            if self.source.addresses_confirmed and order.shop and is_free:
                self._confirm(person, key, raw)
            elif key not in person.stated:
                self._claim(person, key, raw)

    def _note_number(self, person: Person, order: NewOrder) -> None:
        """The shop vouches for its own number; what was typed there is not verified."""
        scope = self.people.free_scope(person, order)
        if scope is None:
            return
        self.people.by_number[order.shop][scope] = person
        person.numbers.add((scope, order.shop))
        self.identities.append(
            self._identity(person, (IdentityKind.SHOP.value, order.shop), "", scope)
        )

    def _confirm(self, person: Person, key: Key, raw: str) -> None:
        self.people.holders[key] = person
        person.held.add(key)
        self.confirmed += 1
        self.identities.append(self._identity(person, key, raw, ""))

    def _identity(self, person: Person, key: Key, raw: str, scope: str) -> Identity:
        kind, value = key
        return Identity(
            account=self.source.account,
            customer=person.customer,
            kind=kind,
            scope=scope,
            value=value,
            raw=raw or value,
            verified=True,
            source=CLAIM_SOURCE,
        )

    def _claim(self, person: Person, key: Key, raw: str) -> None:
        kind, value = key
        person.stated.add(key)
        self.people.claimants[key].append(person)
        self.claims.append(
            Claim(
                account=self.source.account,
                customer=person.customer,
                kind=kind,
                value=value,
                raw=raw or value,
                source=CLAIM_SOURCE,
            )
        )

    def write(self, result: Resolved) -> None:
        created = [person.customer for person in self.people.created]
        Customer.objects.bulk_create(created)
        for identity in self.identities:
            identity.customer_id = identity.customer.pk
        for claim in self.claims:
            claim.customer_id = claim.customer.pk
        Identity.objects.bulk_create(self.identities)
        # A visitor may have stated the same at this moment.
        Claim.objects.bulk_create(self.claims, ignore_conflicts=True)
        if self.confirmed:
            settle_claims(self.identities)
        result.customers_created = len(created)
        result.claims_recorded = len(self.claims)
        result.identities_confirmed = self.confirmed
