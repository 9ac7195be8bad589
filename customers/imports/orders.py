"""Order files: one row is one line of an order, the columns of the order repeated."""

import json
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from agentdesk.web.cards import CARD_LIKE, holds_card, mask_cards
from customers.choices import StoreKind
from customers.imports import order_merge, order_tables
from customers.imports.base import (
    BadRowError,
    Counts,
    Progress,
    Source,
    StagedRow,
    WrongFileError,
)
from customers.imports.mapping import folded
from customers.imports.rejected import masked_cells
from customers.imports.stores import StoreFinder
from customers.imports.values import amount, moment, person, plain, words
from customers.text import normalise_email, normalise_phone

MAX_QUANTITY = 100_000
_REQUIRED = ("order_number", "placed_at", "unit_price")
_ONE_OF = (("item_name", "sku"), ("customer_number", "phone", "email"))
_TEXTS = {
    "order_number": 60,
    "customer_number": 60,
    "family_name": 60,
    "given_name": 60,
    "family_kana": 60,
    "given_kana": 60,
    "name": 120,
    "kana": 120,
    "address": 300,
    "payment_method": 60,
    "carrier": 60,
    "tracking_number": 60,
    "sku": 60,
    "item_name": 200,
}

# Numbers of the shop's own making: masked only where a network issues such cards.
_KNOWN_BY = ("order_number", "customer_number", "sku")

_phone = lru_cache(maxsize=20_000)(normalise_phone)
_email = lru_cache(maxsize=20_000)(normalise_email)


class OrdersImport:
    """See `base.Kind`."""

    def __init__(self, source: Source, counts: Counts) -> None:
        self.source = source
        self.counts = counts
        self.zone = ZoneInfo(source.account.time_zone)
        self.stores = StoreFinder(source)
        self.places: dict[str, int] = {}
        self.header: list[str] = []

    def check_header(self, header: list[str]) -> None:
        self.header = header
        self.places = self.source.mapping.positions(header)
        wanted = [(name,) for name in _REQUIRED] + list(_ONE_OF)
        missing = [
            " / ".join(self.source.mapping.columns[name][0] for name in names)
            for names in wanted
            if not any(name in self.places for name in names)
        ]
        if missing:
            raise WrongFileError(
                _("These columns are missing: %(names)s. See --mapping.")
                % {"names": ", ".join(missing)}
            )
        if "store_code" not in self.places:
            self.stores.require_default()

    def stage_tables(self) -> None:
        order_tables.create()

    def copy(self, rows: list[StagedRow]) -> None:
        order_tables.copy(rows)

    def merge(self, progress: Progress) -> None:
        order_merge.merge(self.source.account, self.counts, progress)

    def staged(self, line: int, cells: list[str]) -> StagedRow:
        row = {name: plain(cells[place]) for name, place in self.places.items()}
        if CARD_LIKE.search("\nx\n".join(cells)):
            row, cells = self._without_cards(row), masked_cells(cells)
        for name, limit in _TEXTS.items():
            if len(row.get(name, "")) > limit:
                words(row[name], limit=limit, name=self._title(name))
        number = row["order_number"]
        if not number:
            raise BadRowError(_("The order number is missing."))
        return (
            line,
            json.dumps(cells, ensure_ascii=False),
            self._store(row),
            number,
            *self._order(row),
            *self._customer(row),
            *self._payment(row),
            *self._line(row),
        )

    def _without_cards(self, row: dict[str, str]) -> dict[str, str]:
        """Words are masked; what an order or a person is known by is refused."""
        for name in _KNOWN_BY:
            if holds_card(row.get(name, "")):
                raise BadRowError(
                    _("%(column)s holds a card number.") % {"column": self._title(name)}
                )
        return {name: mask_cards(cell, in_names=True) for name, cell in row.items()}

    def _title(self, name: str) -> str:
        return self.header[self.places[name]].strip()[:40]

    def _moment(self, row: dict[str, str], name: str) -> datetime | None:
        cell = row.get(name)
        return moment(cell, self._title(name), self.zone) if cell else None

    def _amount(self, row: dict[str, str], name: str) -> int | None:
        cell = row.get(name)
        return amount(cell, self._title(name)) if cell else None

    def _word(self, row: dict[str, str], name: str, known: dict[str, str]) -> str:
        cell = row.get(name)
        if not cell:
            return ""
        value = known.get(folded(cell))
        if value is None:
            raise BadRowError(
                _("%(column)s has a word we do not know: “%(value)s”. See --mapping.")
                % {"column": self._title(name), "value": cell[:40]}
            )
        return value

    def _store(self, row: dict[str, str]) -> int:
        kind = self._word(row, "store_kind", self.source.mapping.store_kinds)
        return self.stores.find(
            row.get("store_code", ""),
            row.get("store_name", ""),
            kind or StoreKind.EC.value,
        )

    def _order(self, row: dict[str, str]) -> tuple[object, ...]:
        placed_at = self._moment(row, "placed_at")
        if placed_at is None:
            raise BadRowError(_("The date of the order is missing."))
        return (
            placed_at,
            self._word(row, "status", self.source.mapping.statuses),
            self._moment(row, "status_at"),
            self._amount(row, "total"),
        )

    def _customer(self, row: dict[str, str]) -> tuple[object, ...]:
        account = self.source.account
        shop = row.get("customer_number", "")
        typed_phone, typed_email = row.get("phone", ""), row.get("email", "")
        phone = _phone(typed_phone, account.phone_region) if typed_phone else ""
        email = _email(typed_email) if typed_email else ""
        unreadable = int(bool(typed_phone) and not phone)
        unreadable += int(bool(typed_email) and not email)
        if not (shop or phone or email):
            if unreadable:
                raise BadRowError(
                    _("Neither the phone number nor the mail address can be read.")
                )
            raise BadRowError(
                _("There is no customer number, phone number or mail address.")
            )
        self.counts.unreadable_addresses += unreadable
        names = person(
            row.get("name", ""), row.get("family_name", ""), row.get("given_name", "")
        )
        kana = person(
            row.get("kana", ""), row.get("family_kana", ""), row.get("given_kana", "")
        )
        if any(len(part) > 60 for part in (*names, *kana)):
            raise BadRowError(_("The name is longer than 60 characters."))
        return (shop, phone, email, *names, *kana, row.get("address", ""))

    def _payment(self, row: dict[str, str]) -> tuple[object, ...]:
        paid_at = self._moment(row, "paid_at")
        known = self.source.mapping.payment_statuses
        status = self._word(row, "payment_status", known)
        return (
            row.get("payment_method", ""),
            status or ("paid" if paid_at else ""),
            paid_at,
            row.get("carrier", ""),
            row.get("tracking_number", ""),
            self._moment(row, "shipped_at"),
            self._moment(row, "delivered_at"),
        )

    def _line(self, row: dict[str, str]) -> tuple[object, ...]:
        sku, name = row.get("sku", ""), row.get("item_name", "")
        if not (sku or name):
            raise BadRowError(_("The product is missing."))
        price = self._amount(row, "unit_price")
        if price is None:
            raise BadRowError(_("The price is missing."))
        quantity = self._amount(row, "quantity")
        quantity = 1 if quantity is None else quantity
        position = self._amount(row, "line_number")
        if abs(quantity) > MAX_QUANTITY or abs(position or 0) > MAX_QUANTITY:
            raise BadRowError(_("The quantity or line number is too large."))
        return (position, sku, name or sku, quantity, price)
