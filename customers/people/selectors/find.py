"""Finding customers while somebody types: a number, a name, a reading, an order.

Every probe is one range of one prefix index of one account, cut to a few rows in the
order of that index, so that the cost does not grow with the number of customers or of matches.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import phonenumbers
from django.db.models import (
    BooleanField,
    CharField,
    Expression,
    F,
    OrderBy,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Reverse

from agentdesk.accounts.models import ClientAccount
from customers.choices import IdentityKind
from customers.models import Claim, Customer, Identity, Order
from customers.models.order import OrderNumberKey
from customers.people.text import clean_text, fold_digits, search_key

MAX_FOUND = 8
MAX_TYPED = 60  # characters of the search that are looked at
LEAST_CODE = 4  # letters and digits of an order number
_NO_CODE = re.compile(r"[^A-Za-z0-9]")  # as OrderNumberKey leaves them out
_DIGIT = re.compile(r"[0-9]")
_MEMBER_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Z][0-9A-Z_/-]{3,}")
_NUMBER_LIKE = re.compile(r"[0-9+()\s.・-]+")
_EMAIL_LIKE = re.compile(r"[^@\s]{3,}|[^@\s]+@\S*")


class Match(StrEnum):
    """By what a customer was found; the order is that of the results."""

    REFERENCE = "reference"
    PHONE = "phone"
    ORDER = "order"
    LAST_DIGITS = "last_digits"
    SHOP = "shop"
    NAME = "name"
    KANA = "kana"
    EMAIL = "email"


@dataclass(frozen=True)
class Hit:
    customer_id: int
    match: Match
    value: str
    is_claim: bool = False


@dataclass(frozen=True)
class Found:
    """`is_claim`: the customer merely states that number or address (本人申告)."""

    customer: Customer
    match: Match
    value: str  # what matched: the number, the order number, the reading
    is_claim: bool = False

    @property
    def has_number(self) -> bool:
        """Found by the number that was typed."""
        return self.match in {Match.PHONE, Match.LAST_DIGITS}


@dataclass(frozen=True)
class Typed:
    """What somebody typed, folded once for all probes."""

    text: str  # NFKC, trimmed
    digits: str
    is_number: bool  # digits and the punctuation of telephone numbers only

    @classmethod
    def of(cls, raw: str) -> "Typed":
        text = unicodedata.normalize("NFKC", clean_text(raw[:MAX_TYPED]))
        text = re.sub(r"[‐‑‒–—―−ー－](?=[0-9])", "-", text).strip()
        is_number = bool(_NUMBER_LIKE.fullmatch(text))
        return cls(text, fold_digits(text), is_number)


class InIndexOrder(OrderBy):
    """The order of a prefix index (text_pattern_ops): read, never sorted.

    Django's compiler looks for the word ASC where it takes an ordering apart.
    """

    template = "%(expression)s USING ~<~ /* ASC */"


HitRows = QuerySet[Any, dict[str, object]]


def find_customers(accounts: Sequence[ClientAccount], raw: str) -> list[Found]:
    """At most 8 customers of `accounts`, best first, in 2 queries."""
    typed = Typed.of(raw)
    probes = [probe for account in accounts for probe in _probes(account, typed)]
    return load_found(_read(probes))


def load_found(hits: Sequence[Hit]) -> list[Found]:
    """The customers behind `hits`, each once, by its best match, at most 8."""
    order = list(Match)
    best: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (order.index(hit.match), hit.is_claim)):
        best.setdefault(hit.customer_id, hit)
    chosen = list(best.values())[:MAX_FOUND]
    customers = (
        Customer.objects.real()
        .select_related("account", "rank")
        .prefetch_related("identities")
        .in_bulk([hit.customer_id for hit in chosen])
    )
    return [
        Found(customers[hit.customer_id], hit.match, hit.value, hit.is_claim)
        for hit in chosen
        if hit.customer_id in customers
    ]


def hits_of(accounts: Sequence[ClientAccount], typed: Typed) -> list[Hit]:
    """The raw matches, for a search that adds matches of its own."""
    return _read([probe for account in accounts for probe in _probes(account, typed)])


def _read(probes: list[HitRows]) -> list[Hit]:
    if not probes:
        return []
    rows = probes[0].union(*probes[1:], all=True) if len(probes) > 1 else probes[0]
    return [
        Hit(
            int(str(row["found_id"])),
            Match(str(row["match"])),
            str(row["found"]),
            is_claim=bool(row["stated"]),
        )
        for row in rows
    ]


def _probes(account: ClientAccount, typed: Typed) -> Iterator[HitRows]:
    if typed.is_number:
        yield from _phone_probes(account, typed)
    else:
        yield from _name_probes(account, typed)
    yield from _code_probes(account, typed)


def _phone_probes(account: ClientAccount, typed: Typed) -> Iterator[HitRows]:
    prefix = e164_prefix(typed, account.phone_region)
    for phones in _addresses(account, IdentityKind.PHONE):
        if prefix:
            yield _cut(phones.filter(value__startswith=prefix), Match.PHONE, "value")
        if len(typed.digits) >= 4:
            backwards = phones.alias(backwards=Reverse("value"))
            last = backwards.filter(backwards__startswith=typed.digits[::-1])
            yield _cut(last, Match.LAST_DIGITS, "value", order=Reverse("value"))


def _addresses(account: ClientAccount, kind: str) -> Iterator["QuerySet[Any]"]:
    """What is known of customers, and what they merely state."""
    yield Identity.objects.filter(account=account, kind=kind)
    yield Claim.objects.open().filter(account=account, kind=kind)


def _name_probes(account: ClientAccount, typed: Typed) -> Iterator[HitRows]:
    key = search_key(typed.text)
    if not key:
        return
    customers = Customer.objects.real().filter(account=account)
    named = customers.filter(name_key__startswith=key)
    yield _cut(named, Match.NAME, "name_key", customer="pk")
    read = customers.filter(kana_key__startswith=key)
    yield _cut(read, Match.KANA, "kana_key", customer="pk")
    email = typed.text.lower()
    if email.isascii() and _EMAIL_LIKE.fullmatch(email):
        for emails in _addresses(account, IdentityKind.EMAIL):
            yield _cut(emails.filter(value__startswith=email), Match.EMAIL, "value")


def _code_probes(account: ClientAccount, typed: Typed) -> Iterator[HitRows]:
    """Order numbers and the shop's customer numbers."""
    key = _NO_CODE.sub("", typed.text).upper()
    if len(key) >= LEAST_CODE and _DIGIT.search(key):
        orders = Order.objects.filter(account=account).alias(
            key=OrderNumberKey("number")
        )
        order = OrderNumberKey("number")
        found = orders.filter(key__startswith=key)
        yield _cut(found, Match.ORDER, "number", order=order)
    number = typed.text.upper().lstrip("#")
    if not _MEMBER_NUMBER.fullmatch(number):
        return
    shop = Identity.objects.filter(account=account, kind=IdentityKind.SHOP)
    for spelling in dict.fromkeys((typed.text, number)):
        yield _cut(shop.filter(value__startswith=spelling), Match.SHOP, "value")


def e164_prefix(typed: Typed, region: str) -> str:
    """0312 as +81312: the beginning of every number it may become; "" if too short."""
    if len(typed.digits) < 3:
        return ""
    if typed.text.startswith("+"):
        return "+" + typed.digits
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    trunk = (metadata and metadata.national_prefix) or ""
    national = typed.digits.removeprefix(trunk)
    return f"+{phonenumbers.country_code_for_region(region)}{national}"


def _cut(
    rows: "QuerySet[Any]",
    match: Match,
    found: str,
    *,
    customer: str = "customer_id",
    order: Expression | F | None = None,
) -> HitRows:
    """The first rows in the order of the index that finds them, so that it is used."""
    return rows.order_by(InIndexOrder(order or F(found))).values(
        found_id=F(customer),
        match=Value(str(match), output_field=CharField()),
        found=Cast(F(found), CharField()),
        stated=Value(rows.model is Claim, output_field=BooleanField()),
    )[:MAX_FOUND]
