"""Finding customers while somebody types: a number, a name, a reading, an order.

Every probe is one range of one prefix index of one account, cut to a few rows in the
order of that index, so that the cost does not grow with the number of customers or of matches.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
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
from agentdesk.prepared import as_prefetched, prepared
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
    """At most 8 customers of `accounts`, best first, in 3 queries."""
    return load_found(hits_of(accounts, Typed.of(raw)))


def load_found(hits: Sequence[Hit]) -> list[Found]:
    """The customers behind `hits`, each once, by its best match, at most 8."""
    order = list(Match)
    best: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (order.index(hit.match), hit.is_claim)):
        best.setdefault(hit.customer_id, hit)
    chosen = list(best.values())[:MAX_FOUND]
    pks = [hit.customer_id for hit in chosen]
    customers = {customer.pk: customer for customer in _customers(pks)}
    identities: dict[int, list[Identity]] = {}
    for identity in _identities(pks):
        identities.setdefault(identity.customer_id, []).append(identity)
    for pk, customer in customers.items():
        as_prefetched(customer, "identities", identities.get(pk, []))
    return [
        Found(customers[hit.customer_id], hit.match, hit.value, hit.is_claim)
        for hit in chosen
        if hit.customer_id in customers
    ]


@prepared
def _customers(pks: list[int]) -> QuerySet[Customer]:
    rows = Customer.objects.real().filter(pk__in=pks)
    return rows.select_related("account", "rank")


@prepared
def _identities(customer_ids: list[int]) -> QuerySet[Identity]:
    return Identity.objects.filter(customer__in=customer_ids)


def hits_of(accounts: Sequence[ClientAccount], typed: Typed) -> list[Hit]:
    """The raw matches, for a search that adds matches of its own."""
    probes = [
        (account.pk, *probe)
        for account in accounts
        for probe in _probes(account, typed)
    ]
    if not probes:
        return []
    pks, kinds, texts = zip(*probes, strict=True)
    return [
        Hit(
            int(str(row["found_id"])),
            Match(str(row["match"])),
            str(row["found"]),
            is_claim=bool(row["stated"]),
        )
        for row in _matches(kinds, list(pks), list(texts))
    ]


@prepared
def _matches(
    kinds: tuple["_Probe", ...], account_ids: list[int], texts: list[str]
) -> HitRows:
    """One range of an index for each of them, in one query."""
    rows = [
        _rows_of(kind, account_id, text)
        for kind, account_id, text in zip(kinds, account_ids, texts, strict=True)
    ]
    return rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]


class _Probe(Enum):
    """Where one looks: a number or an address is looked up with who merely states it."""

    PHONE = auto()
    PHONE_STATED = auto()
    LAST_DIGITS = auto()
    LAST_DIGITS_STATED = auto()
    NAME = auto()
    KANA = auto()
    EMAIL = auto()
    EMAIL_STATED = auto()
    ORDER = auto()
    SHOP = auto()


_STATED = {_Probe.PHONE_STATED, _Probe.LAST_DIGITS_STATED, _Probe.EMAIL_STATED}
_Wanted = tuple[_Probe, str]  # and the beginning of what is looked for


def _probes(account: ClientAccount, typed: Typed) -> Iterator[_Wanted]:
    if typed.is_number:
        yield from _phone_probes(account, typed)
    else:
        yield from _name_probes(typed)
    yield from _code_probes(typed)


def _phone_probes(account: ClientAccount, typed: Typed) -> Iterator[_Wanted]:
    prefix = e164_prefix(typed, account.phone_region)
    backwards = typed.digits[::-1] if len(typed.digits) >= 4 else ""
    if prefix:
        yield _Probe.PHONE, prefix
        yield _Probe.PHONE_STATED, prefix
    if backwards:
        yield _Probe.LAST_DIGITS, backwards
        yield _Probe.LAST_DIGITS_STATED, backwards


def _name_probes(typed: Typed) -> Iterator[_Wanted]:
    key = search_key(typed.text)
    if not key:
        return
    yield _Probe.NAME, key
    yield _Probe.KANA, key
    email = typed.text.lower()
    if email.isascii() and _EMAIL_LIKE.fullmatch(email):
        yield _Probe.EMAIL, email
        yield _Probe.EMAIL_STATED, email


def _code_probes(typed: Typed) -> Iterator[_Wanted]:
    """Order numbers and the shop's customer numbers."""
    key = _NO_CODE.sub("", typed.text).upper()
    if len(key) >= LEAST_CODE and _DIGIT.search(key):
        yield _Probe.ORDER, key
    number = typed.text.upper().lstrip("#")
    if _MEMBER_NUMBER.fullmatch(number):
        for spelling in dict.fromkeys((typed.text, number)):
            yield _Probe.SHOP, spelling


def _rows_of(probe: _Probe, account_id: int, text: str) -> HitRows:
    theirs: QuerySet[Any] = (
        Claim.objects.open() if probe in _STATED else Identity.objects.all()
    )
    theirs = theirs.filter(account=account_id)
    people = Customer.objects.real().filter(account=account_id)
    match probe:
        case _Probe.NAME:
            named = people.filter(name_key__startswith=text)
            return _cut(named, Match.NAME, "name_key", customer="pk")
        case _Probe.KANA:
            read = people.filter(kana_key__startswith=text)
            return _cut(read, Match.KANA, "kana_key", customer="pk")
        case _Probe.ORDER:
            order = OrderNumberKey("number")
            orders = Order.objects.filter(account=account_id).alias(key=order)
            found = orders.filter(key__startswith=text)
            return _cut(found, Match.ORDER, "number", order=OrderNumberKey("number"))
        case _Probe.LAST_DIGITS | _Probe.LAST_DIGITS_STATED:
            phones = theirs.filter(kind=IdentityKind.PHONE)
            backwards = phones.alias(backwards=Reverse("value"))
            last = backwards.filter(backwards__startswith=text)
            return _cut(last, Match.LAST_DIGITS, "value", order=Reverse("value"))
    kind, how = _KINDS[probe]
    return _cut(theirs.filter(kind=kind, value__startswith=text), how, "value")


_KINDS = {
    _Probe.PHONE: (IdentityKind.PHONE, Match.PHONE),
    _Probe.PHONE_STATED: (IdentityKind.PHONE, Match.PHONE),
    _Probe.EMAIL: (IdentityKind.EMAIL, Match.EMAIL),
    _Probe.EMAIL_STATED: (IdentityKind.EMAIL, Match.EMAIL),
    _Probe.SHOP: (IdentityKind.SHOP, Match.SHOP),
}


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
