"""Whose order it is: the customer found by shop number, phone or mail, or a new one.

The shop's own number decides. Phone and mail find a customer only where that one has
no other shop number, and where both name the same; an address that belongs to somebody
else already is left with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from agentdesk.accounts.models import ClientAccount
from customers.actions.address import lock_name
from customers.actions.edit import edit_customer
from customers.choices import IdentityKind
from customers.models import Customer, Identity
from customers.text import search_key

Key = tuple[str, str]  # kind and normalised value
_NAMES = ("family_name", "given_name", "family_kana", "given_kana")
_KEY_LENGTH = 130


@dataclass(frozen=True)
class NewOrder:
    seq: int
    shop: str
    phone: str
    email: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    address: str

    @property
    def keys(self) -> list[Key]:
        known = (
            (IdentityKind.SHOP.value, self.shop),
            (IdentityKind.PHONE.value, self.phone),
            (IdentityKind.EMAIL.value, self.email),
        )
        return [(kind, value) for kind, value in known if value]


@dataclass
class Resolved:
    customers: dict[int, int] = field(default_factory=dict)  # seq → customer
    conflicts: list[int] = field(default_factory=list)
    customers_created: int = 0


def resolve(account: ClientAccount, orders: list[NewOrder]) -> Resolved:
    """Find or make the customer of each, in the order of the file."""
    if not orders:
        return Resolved()
    keys = {key for order in orders for key in order.keys}
    _lock(account, keys)
    book = _AddressBook(account, keys)
    result = Resolved()
    owners: dict[int, Customer] = {}
    for order in orders:
        owner = book.owner_of(order)
        if owner is None:
            result.conflicts.append(order.seq)
        else:
            owners[order.seq] = owner
    result.customers_created = book.write()
    _name_the_unnamed(owners, orders)
    result.customers = {seq: owner.pk for seq, owner in owners.items()}
    return result


def _lock(account: ClientAccount, keys: Iterable[Key]) -> None:
    """Serialise with everybody who looks for the same addresses at this moment."""
    names = sorted(lock_name(account, kind, value, "") for kind, value in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_advisory_xact_lock(hashtextextended(name, 0)))"
            " from unnest(%s::text[]) as name",
            [names],
        )


class _AddressBook:
    """Who holds which address, new customers of this batch included."""

    def __init__(self, account: ClientAccount, keys: set[Key]) -> None:
        self.account = account
        self.customers: list[Customer] = []
        self.identities: list[Identity] = []
        self.holders: dict[Key, Customer] = {}
        values = [value for _kind, value in keys]
        rows = Identity.objects.filter(
            account=account,
            scope="",
            kind__in=[IdentityKind.SHOP, IdentityKind.PHONE, IdentityKind.EMAIL],
            value__in=values,
        ).select_related("customer")
        same: dict[int, Customer] = {}
        for row in rows:
            holder = same.setdefault(row.customer_id, row.customer)
            self.holders[row.kind, row.value] = holder
        shops = Identity.objects.filter(customer__in=same, kind=IdentityKind.SHOP)
        self.shop_members = {
            id(same[pk]) for pk in shops.values_list("customer_id", flat=True)
        }

    def owner_of(self, order: NewOrder) -> Customer | None:
        """None where phone and mail belong to two customers and nothing decides."""
        found = {key[0]: self.holders.get(key) for key in order.keys}
        owner = found.get(IdentityKind.SHOP)
        if owner is None:
            by_phone = found.get(IdentityKind.PHONE)
            by_email = found.get(IdentityKind.EMAIL)
            if by_phone and by_email and by_phone is not by_email:
                if not order.shop:
                    return None
            else:
                owner = by_phone or by_email
        if owner is not None and self._is_another_member(owner, order):
            owner = None
        if owner is None:
            owner = self._new_customer(order)
        for key in order.keys:
            self._give(owner, key)
        return owner

    def _is_another_member(self, owner: Customer, order: NewOrder) -> bool:
        """Two shop numbers are two customers, though they share a phone."""
        if not order.shop:
            return False
        holds_it = self.holders.get((IdentityKind.SHOP, order.shop)) is owner
        return id(owner) in self.shop_members and not holds_it

    def _new_customer(self, order: NewOrder) -> Customer:
        customer = Customer(
            account=self.account,
            address=order.address,
            name_key=search_key(order.family_name + order.given_name)[:_KEY_LENGTH],
            kana_key=search_key(order.family_kana + order.given_kana)[:_KEY_LENGTH],
            **{name: getattr(order, name) for name in _NAMES},
        )
        self.customers.append(customer)
        return customer

    def _give(self, owner: Customer, key: Key) -> None:
        """The shop vouches for its own number; what was typed there is not verified."""
        if key in self.holders:
            return
        kind, value = key
        self.holders[key] = owner
        is_shop = kind == IdentityKind.SHOP
        if is_shop:
            self.shop_members.add(id(owner))
        self.identities.append(
            Identity(
                account=self.account,
                customer=owner,
                kind=kind,
                value=value,
                raw=value,
                verified=is_shop,
                source="orders",
            )
        )

    def write(self) -> int:
        Customer.objects.bulk_create(self.customers)
        for identity in self.identities:
            identity.customer_id = identity.customer.pk
        Identity.objects.bulk_create(self.identities)
        return len(self.customers)


def _name_the_unnamed(owners: dict[int, Customer], orders: list[NewOrder]) -> None:
    """Somebody who only wrote or called so far gets the name the shop knows."""
    for order in orders:
        owner = owners.get(order.seq)
        if (
            owner is None
            or owner.is_named
            or not (order.family_name or order.given_name)
        ):
            continue
        names = {name: getattr(order, name) for name in _NAMES if getattr(order, name)}
        edit_customer(owner, actor=None, changes=names)
        owner.family_name, owner.given_name = order.family_name, order.given_name
