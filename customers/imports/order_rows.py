"""From one row of an order file to the row of the staging table."""

import json
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from customers.choices import StoreKind
from customers.imports.base import BadRowError, Source, StagedRow
from customers.imports.dates import moment, with_time
from customers.imports.order_cells import OrderCells, Row
from customers.imports.stores import StoreFinder
from customers.imports.values import amount, is_shortened, person
from customers.people.text import normalise_email, normalise_phone, search_key

MAX_QUANTITY = 100_000
_KEY_LENGTH = 130
_AN_ITEM = frozenset({"", "商品", "1", "通常", "item", "product", "line_item"})

_phone = lru_cache(maxsize=20_000)(normalise_phone)
_email = lru_cache(maxsize=20_000)(normalise_email)
_key = lru_cache(maxsize=20_000)(search_key)


class OrderRows:
    """Reads the rows of one file, each by itself."""

    def __init__(self, source: Source, cells: OrderCells, stores: StoreFinder) -> None:
        self.source = source
        self.cells = cells
        self.stores = stores
        self.zone = ZoneInfo(source.account.time_zone)

    def staged(self, line: int, cells: list[str]) -> StagedRow | None:
        """None for a checkout that was never completed. Raises BadRowError."""
        row, cells = self.cells.read(cells)
        number = row["order_number"]
        if not number:
            raise BadRowError(_("The order number is missing."))
        if is_shortened(number):
            raise BadRowError(
                _("A spreadsheet has shortened the order number: “%(value)s”.")
                % {"value": number}
            )
        status = self.cells.status(row)
        if status == "unfinished":
            return None
        facts = (
            *self._order(row, status),
            *self._customer(row),
            *self._payment(row),
        )
        return (
            line,
            json.dumps(cells, ensure_ascii=False),
            self._store(row),
            number,
            hash(facts),
            *facts,
            *self._line(row),
        )

    def _moment(self, row: Row, name: str) -> datetime | None:
        cell = row.get(name)
        return moment(cell, self.cells.title(name), self.zone) if cell else None

    def _amount(self, row: Row, name: str) -> int | None:
        cell = row.get(name)
        return amount(cell, self.cells.title(name)) if cell else None

    def _store(self, row: Row) -> int:
        kind = self.cells.word(row, "store_kind", self.cells.mapping.store_kinds)
        at_a_till = "till" in self.cells.places
        return self.stores.find(
            row.get("store_code", ""),
            row.get("store_name", ""),
            kind or (StoreKind.PHYSICAL if at_a_till else StoreKind.EC).value,
        )

    def _order(self, row: Row, status: str) -> tuple[object, ...]:
        if row.get("placed_at") and row.get("placed_time"):
            row["placed_at"] = with_time(row["placed_at"], row["placed_time"])
        return (
            self._moment(row, "placed_at"),
            status,
            self._moment(row, "status_at"),
            self._amount(row, "total"),
            self._amount(row, "subtotal"),
        )

    def _customer(self, row: Row) -> tuple[object, ...]:
        fillers = self.source.fillers
        shop = row.get("customer_number", "")
        if shop and fillers.in_member_number(shop):
            shop = ""
        left_out: dict[str, str] = {}
        phone = self._address(row, "phone", left_out)
        email = self._address(row, "email", left_out)
        names, kana = self._names(row)
        return (
            shop,
            phone,
            email,
            row.get("phone", "")[:320] if phone else "",
            row.get("email", "")[:320] if email else "",
            json.dumps(left_out, ensure_ascii=False) if left_out else "",
            *names,
            *kana,
            row.get("address", ""),
            _key("".join(names))[:_KEY_LENGTH],
            _key("".join(kana))[:_KEY_LENGTH],
        )

    def _address(self, row: Row, name: str, left_out: dict[str, str]) -> str:
        """The address, normalised; what cannot be one stays with the order as written."""
        typed = row.get(name, "")
        if not typed:
            return ""
        if name == "phone":
            is_filler = self.source.fillers.in_phone(typed)
            value = _phone(typed, self.source.account.phone_region)
        else:
            is_filler = self.source.fillers.in_email(typed)
            value = _email(typed)
        if value and not is_filler:
            return value
        left_out[self.cells.title(name)] = typed[:100]
        self.cells.counts.unreadable_addresses += not is_filler
        return ""

    def _names(self, row: Row) -> tuple[tuple[str, str], tuple[str, str]]:
        names = person(
            row.get("name", ""),
            row.get("family_name", ""),
            row.get("given_name", ""),
            given_first=row.get("name_given_first", ""),
        )
        kana = person(
            row.get("kana", ""), row.get("family_kana", ""), row.get("given_kana", "")
        )
        if any(len(part) > 60 for part in (*names, *kana)):
            raise BadRowError(_("The name is longer than 60 characters."))
        if any(names) and self.source.fillers.in_name("".join(names)):
            return ("", ""), ("", "")
        return names, kana

    def _payment(self, row: Row) -> tuple[object, ...]:
        paid_at = self._moment(row, "paid_at")
        return (
            row.get("payment_method", ""),
            self.cells.payment_status(row) or ("paid" if paid_at else ""),
            paid_at,
            row.get("carrier", ""),
            row.get("tracking_number", ""),
            self._moment(row, "shipped_at"),
            self._moment(row, "delivered_at"),
        )

    def _line(self, row: Row) -> tuple[object, ...]:
        sku, name = row.get("sku", ""), row.get("item_name", "")
        if not (sku or name):
            raise BadRowError(_("The product is missing."))
        is_item = row.get("line_kind", "").casefold() in _AN_ITEM
        quantity = self._amount(row, "quantity")
        quantity = 1 if quantity is None else quantity
        if abs(quantity) > MAX_QUANTITY:
            raise BadRowError(_("The quantity is too large."))
        price, quantity, name = self._price(row, quantity, name or sku)
        line_number = row.get("line_number", "")
        return (
            line_number,
            int(line_number)
            if line_number.isdecimal() and len(line_number) < 19
            else None,
            sku if is_item else "",
            name,
            quantity,
            price,
            is_item,
            _with_tax(quantity * price, row.get("tax_rate", "")),
        )

    def _price(self, row: Row, quantity: int, name: str) -> tuple[int, int, str]:
        """Of one piece, and how many; some files only say what all of a line cost."""
        price = self._amount(row, "unit_price")
        if price is not None:
            return price, quantity, name
        whole = self._amount(row, "line_total")
        if whole is None:
            raise BadRowError(_("The price is missing."))
        if quantity and whole % quantity == 0:
            return whole // quantity, quantity, name
        return whole, 1, f"{name} ×{quantity}"[:200]


def _with_tax(net: int, rate: str) -> int:
    """The amount with a tax of 8 or 10 (per cent); that of the line where none is said."""
    rate = rate.removesuffix("%")
    return round(net * (100 + int(rate)) / 100) if rate in {"8", "10"} else net
