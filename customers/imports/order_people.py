"""The customers that a batch of orders may belong to, and by what each of them is known."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from agentdesk.accounts.models import ClientAccount
from customers.choices import IdentityKind, StoreKind
from customers.models import Claim, Customer, Identity, Order, Store
from customers.people.actions.address import lock_name
from customers.people.actions.complete import Known

CLAIM_SOURCE = "orders"
Key = tuple[str, str]  # kind and normalised value
Number = tuple[str, str]  # scope and number of a member


class AmbiguousError(Exception):
    """Phone and mail address are established as those of two customers."""


@dataclass(frozen=True)
class NewOrder:
    seq: int
    store_id: int
    shop: str
    phone: str
    email: str
    typed_phone: str
    typed_email: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    address: str
    name_key: str
    kana_key: str

    @property
    def addresses(self) -> list[tuple[Key, str]]:
        """Mail first: fewer people share one."""
        stated = (
            (IdentityKind.EMAIL.value, self.email, self.typed_email),
            (IdentityKind.PHONE.value, self.phone, self.typed_phone),
        )
        return [((kind, value), raw) for kind, value, raw in stated if value]

    @property
    def known(self) -> Known:
        return Known(
            self.family_name,
            self.given_name,
            self.family_kana,
            self.given_kana,
            self.address,
        )


@dataclass(eq=False)
class Person:
    """A customer, those of this batch included, who have no number of ours yet."""

    customer: Customer
    is_new: bool = False
    numbers: set[Number] = field(default_factory=set)
    stores: set[int] = field(default_factory=set)  # they bought in
    held: set[Key] = field(default_factory=set)  # their identities
    stated: set[Key] = field(default_factory=set)  # their claims

    def contradicts(self, order: NewOrder) -> bool:
        """Both have a name, and neither the names nor the readings agree."""
        if not (self.customer.is_named and order.name_key):
            return False
        ours, theirs = self.customer.name_key, order.name_key
        if ours.startswith(theirs) or theirs.startswith(ours):
            return False
        return not self._reads_like(order)

    def is_namesake(self, order: NewOrder) -> bool:
        """Of the same name or reading; who has no name is the namesake of nobody's name."""
        if not order.name_key:
            return not (self.customer.name_key or self.customer.kana_key)
        return self.customer.name_key == order.name_key or self._reads_like(order)

    def _reads_like(self, order: NewOrder) -> bool:
        return bool(order.kana_key) and self.customer.kana_key == order.kana_key


class People:
    """Read in four queries, whatever the number of orders."""

    def __init__(self, account: ClientAccount, orders: list[NewOrder]) -> None:
        self.account = account
        self.created: list[Person] = []
        self.by_number: dict[str, dict[str, Person]] = defaultdict(dict)
        self.holders: dict[Key, Person] = {}
        self.claimants: dict[Key, list[Person]] = defaultdict(list)
        self.stores = {
            store.pk: store for store in Store.objects.filter(account=account)
        }
        self._people: dict[int, Person] = {}
        _lock(account, orders)
        self._read_identities(orders)
        self._read_claims(orders)
        self._read_numbers()

    def find(self, order: NewOrder) -> Person | None:
        """Raises AmbiguousError."""
        person = self._by_number(order) if order.shop else None
        if person is None:
            person = self._by_identity(order) or self._by_claim(order)
        if person is not None:
            person.stores.add(order.store_id)
        return person

    def add(self, order: NewOrder) -> Person:
        customer = Customer(
            account=self.account,
            family_name=order.family_name,
            given_name=order.given_name,
            family_kana=order.family_kana,
            given_kana=order.given_kana,
            address=order.address,
            name_key=order.name_key,
            kana_key=order.kana_key,
        )
        person = Person(customer, is_new=True, stores={order.store_id})
        self.created.append(person)
        return person

    def free_scope(self, person: Person, order: NewOrder) -> str | None:
        """Where the member's number is to be kept; None where it is already.

        The numbers of the online shop have no scope: that is what it signs its visitors
        with. Those of a store are its own, unless the same person has the same elsewhere.
        """
        store = self.stores[order.store_id]
        has_it = any(number == order.shop for _scope, number in person.numbers)
        if store.kind == StoreKind.EC and "" not in self.by_number[order.shop]:
            return ""
        if has_it or store.code in self.by_number[order.shop]:
            return None
        return store.code

    def _by_number(self, order: NewOrder) -> Person | None:
        """Their number in this store; else that of the account, or of a namesake.

        Two stores may count their members from 1, each for itself.
        """
        holders = self.by_number.get(order.shop, {})
        own = holders.get(self.stores[order.store_id].code)
        if own is not None:
            return own
        shared = holders.get("")
        if shared is not None:
            is_from_elsewhere = shared.stores and order.store_id not in shared.stores
            if not (is_from_elsewhere and shared.contradicts(order)):
                return shared
        for holder in holders.values():
            if order.name_key and holder.is_namesake(order):
                return holder
        return None

    def _by_identity(self, order: NewOrder) -> Person | None:
        """Whose established address it is, where the name does not say otherwise."""
        found: list[Person] = []
        for key, _raw in order.addresses:
            holder = self.holders.get(key)
            if holder is None or holder in found or self._is_another(holder, order):
                continue
            if not holder.contradicts(order):
                found.append(holder)
        namesakes = [one for one in found if order.name_key and one.is_namesake(order)]
        if len(found) > 1 and len(namesakes) != 1:
            if order.shop:
                return None
            raise AmbiguousError
        return next(iter(namesakes or found), None)

    def _by_claim(self, order: NewOrder) -> Person | None:
        """Who stated the same address in another order, under the same name."""
        for key, _raw in order.addresses:
            for person in self.claimants.get(key, ()):
                if person.is_namesake(order) and not self._is_another(person, order):
                    return person
        return None

    def _is_another(self, person: Person, order: NewOrder) -> bool:
        """Two numbers of one shop are two members, though they share a phone."""
        scopes = {"", self.stores[order.store_id].code}
        numbers = {number for scope, number in person.numbers if scope in scopes}
        return bool(order.shop and numbers and order.shop not in numbers)

    def _read_identities(self, orders: list[NewOrder]) -> None:
        values = {value for order in orders for (_k, value), _raw in order.addresses}
        numbers = {order.shop for order in orders} - {""}
        addresses = Identity.objects.filter(
            account=self.account,
            scope="",
            kind__in=[IdentityKind.PHONE, IdentityKind.EMAIL],
            value__in=values,
        )
        shop = Identity.objects.filter(
            account=self.account, kind=IdentityKind.SHOP, value__in=numbers
        )
        for row in addresses.union(shop, all=True):
            person = self._people.setdefault(row.customer_id, Person(Customer()))
            if row.kind == IdentityKind.SHOP:
                self.by_number[row.value][row.scope] = person
            else:
                self.holders[row.kind, row.value] = person

    def _read_claims(self, orders: list[NewOrder]) -> None:
        values = {value for order in orders for (_k, value), _raw in order.addresses}
        claims = Claim.objects.open().filter(
            account=self.account,
            kind__in=[IdentityKind.PHONE, IdentityKind.EMAIL],
            value__in=values,
            source=CLAIM_SOURCE,
        )
        for row in claims.order_by("customer_id"):
            person = self._people.setdefault(row.customer_id, Person(Customer()))
            self.claimants[row.kind, row.value].append(person)

    def _read_numbers(self) -> None:
        """The customers themselves, and what else each of them is known by."""
        ids = list(self._people)
        for customer in Customer.objects.filter(pk__in=ids):
            self._people[customer.pk].customer = customer
        identities = Identity.objects.filter(customer__in=ids)
        for owner, kind, scope, value in identities.values_list(
            "customer_id", "kind", "scope", "value"
        ):
            if kind == IdentityKind.SHOP:
                self._people[owner].numbers.add((scope, value))
            else:
                self._people[owner].held.add((kind, value))
        claims = Claim.objects.filter(customer__in=ids)
        for owner, kind, value in claims.values_list("customer_id", "kind", "value"):
            self._people[owner].stated.add((kind, value))
        bought = Order.objects.filter(customer__in=ids).order_by()
        for owner, store in bought.values_list("customer_id", "store_id").distinct():
            self._people[owner].stores.add(store)


def _lock(account: ClientAccount, orders: Iterable[NewOrder]) -> None:
    """Serialise with everybody who looks for the same addresses at this moment."""
    keys = {(IdentityKind.SHOP.value, order.shop) for order in orders if order.shop}
    keys |= {key for order in orders for key, _raw in order.addresses}
    names = sorted(lock_name(account, kind, value, "") for kind, value in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_advisory_xact_lock(hashtextextended(name, 0)))"
            " from unnest(%s::text[]) as name",
            [names],
        )
