"""Customers with names, kana, addresses and the identities they are found by."""

import json
from dataclasses import dataclass, field
from random import Random

from agentdesk.ops.demo.companies import Company
from agentdesk.ops.demo.copying import Table
from agentdesk.ops.demo.stamps import DAY, stamp
from agentdesk.ops.demo.texts import Name, buildings, family_names, given_names, places
from customers.choices import IdentityKind
from customers.models import Claim, Customer, Identity

_PRIME = 9_999_991  # below ten million: a permutation of seven digits
_NO_ONE_HAS = 48_271


@dataclass
class Person:
    pk: int
    company: Company
    family: Name
    given: Name
    phone: str
    email: str
    city: str
    since: int
    line_id: str = ""
    web_key: str = ""
    came_at: int = 0  # to the web chat, first
    seen_at: int = 0  # there, last
    identities: dict[str, int] = field(default_factory=dict)  # by kind

    @property
    def full_name(self) -> str:
        return f"{self.family.text} {self.given.text}"


class People:
    """Makes one customer after the other, with rows for both tables."""

    def __init__(self, rng: Random, now: int) -> None:
        self._rng = rng
        self._now = now
        self._identity = self._claim = 0
        self.customers = Table(
            Customer,
            "id account_id family_name given_name family_kana given_kana "
            "name_key kana_key rank_id attributes caution address "
            "created_at updated_at",
        )
        self.identities = Table(
            Identity,
            "id account_id customer_id kind scope value raw verified source created_at",
        )
        self.claims = Table(
            Claim, "id account_id customer_id kind value raw source state created_at"
        )

    def make(self, number: int, company: Company) -> Person:
        rng = self._rng
        family = rng.choices(
            family_names().items, cum_weights=family_names().cumulative
        )[0]
        given = rng.choices(given_names().items, cum_weights=given_names().cumulative)[
            0
        ]
        since = self._now - int(rng.random() ** 1.3 * 1100 * DAY) - 2 * DAY
        place = places()[int(rng.random() * len(places()))]
        person = Person(
            number, company, family, given, _phone(number), "", place[10:], since
        )
        person.email = _email(person, number)
        self._write(person, place)
        self._write_identities(person)
        return person

    def _write(self, person: Person, place: str) -> None:
        rng = self._rng
        family, given, company = person.family, person.given, person.company
        rank = rng.choices(company.ranks.items, cum_weights=company.ranks.cumulative)
        caution = ""
        if rng.random() < 0.03:
            caution = rng.choice(company.words["cautions"])
        since = stamp(person.since)
        self.customers.rows.append(
            f"{person.pk}\t{company.pk}\t{family.text}\t{given.text}\t{family.kana}\t"
            f"{given.kana}\t{family.key}{given.key}\t{family.kana_key}{given.kana_key}\t"
            f"{rank[0]}\t{_attributes(rng, company)}\t{caution}\t"
            f"{_address(rng, place)}\t{since}\t{since}"
        )

    def _write_identities(self, person: Person) -> None:
        draw = self._rng.random()
        if draw < 0.92:
            national = f"0{person.phone[3:]}"
            raw = f"{national[:3]}-{national[3:7]}-{national[7:]}"
            self.add(person, IdentityKind.PHONE, person.phone, raw)
        if draw > 0.25:
            self.add(person, IdentityKind.EMAIL, person.email, person.email)
        if 0.3 < draw < 0.75:
            prefix = person.company.words["number_prefix"]
            code = f"{prefix}{10_000_000 + person.pk}"
            self.add(person, IdentityKind.SHOP, code, code)

    def add(
        self, person: Person, kind: str, value: str, raw: str = "", scope: str = ""
    ) -> None:
        """One more identity; a second of the same kind is not added."""
        if kind in person.identities:
            return
        self._identity += 1
        person.identities[kind] = self._identity
        verified = "f" if kind == IdentityKind.WEB else "t"
        source = "webchat" if kind == IdentityKind.WEB else "import"
        self.identities.rows.append(
            f"{self._identity}\t{person.company.pk}\t{person.pk}\t{kind}\t{scope}\t"
            f"{value}\t{raw}\t{verified}\t{source}\t{stamp(person.since)}"
        )

    def state(self, person: Person, kind: str, value: str, at: int) -> None:
        """What a visitor writes into the form; a claim where it is not known already."""
        if kind in person.identities:
            return
        self._claim += 1
        self.claims.rows.append(
            f"{self._claim}\t{person.company.pk}\t{person.pk}\t{kind}\t{value}\t{value}\t"
            f"webchat\topen\t{stamp(at)}"
        )


def _phone(number: int) -> str:
    """A mobile number that is not given out: 0 follows the 090 or 070."""
    digits = (number * _NO_ONE_HAS + 1_234_567) % _PRIME
    network = "70" if number % 4 == 3 else "90"
    return f"+81{network}0{digits:07d}"


def _email(person: Person, number: int) -> str:
    host = ("example.jp", "example.com", "example.jp")[number % 3]
    dot = (".", "_", "")[number % 7 % 3]
    return f"{person.given.romaji}{dot}{person.family.romaji}{number}@{host}"


def _address(rng: Random, place: str) -> str:
    draw = rng.random()
    block = f"{int(draw * 97) % 9 + 1}-{int(draw * 1013) % 28 + 1}-{int(draw * 7919) % 19 + 1}"
    if draw < 0.55:
        return place + block
    building = buildings()[int(draw * 5_003) % len(buildings())]
    room = (int(draw * 3_001) % 9 + 1) * 100 + int(draw * 4_001) % 8 + 1
    return f"{place}{block} {building}{room}"


def _attributes(rng: Random, company: Company) -> str:
    """About half of the account's attributes, as JSON that needs no escaping."""
    values: dict[str, str | int] = {}
    for attribute in company.words["attributes"]:
        draw = rng.random()
        if draw > 0.5:
            continue
        if attribute["kind"] == "choice":
            options = attribute["options"]
            values[attribute["key"]] = options[int(draw * 2 * len(options))]
            continue
        low, high = attribute["range"]
        chosen = low + int(draw * 2 * (high - low + 1))
        if attribute["kind"] == "date":
            day = f"{int(draw * 240) % 12 + 1:02d}-{int(draw * 5600) % 28 + 1:02d}"
            values[attribute["key"]] = f"{chosen}-{day}"
        else:
            values[attribute["key"]] = chosen
    return json.dumps(values, ensure_ascii=False)
