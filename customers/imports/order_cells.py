"""The cells of one row of an order file by our names for them, and what their words mean."""

from collections.abc import Mapping as Dict

from django.utils.translation import gettext as _

from agentdesk.card_masking import CARD_LIKE, holds_card, mask_cards
from customers.imports.base import BadRowError, Counts
from customers.imports.fillers import Fillers, folded_filler
from customers.imports.mapping import Mapping, Place, folded
from customers.imports.rejected import masked_cells
from customers.imports.values import is_shortened, plain, words

Row = dict[str, str]

TEXTS = {
    "order_number": 60,
    "customer_number": 60,
    "family_name": 60,
    "given_name": 60,
    "family_kana": 60,
    "given_kana": 60,
    "name": 120,
    "name_given_first": 120,
    "kana": 120,
    "address": 300,
    "payment_method": 60,
    "carrier": 60,
    "tracking_number": 60,
    "line_number": 60,
    "sku": 60,
    "item_name": 200,
}

# Numbers of the shop's own making: masked only where a network issues such cards.
_KNOWN_BY = ("order_number", "customer_number", "sku")
_JOINED_BY = {"phone": "-", "item_name": " / ", "name": " ", "kana": " "}
# Here 0, - and なし are what the shop calls something.
_AS_WRITTEN = frozenset({"order_number", "item_name", "sku"})
# What is told apart by these: without their last digits many would be one.
_SHORTENED = frozenset({"customer_number", "line_number", "sku", "tracking_number"})
_PARTS_OF_NAMES = frozenset({"family_name", "given_name", "family_kana", "given_kana"})
# The order of what may be said of one order at once: paid, shipped and then returned.
_STRENGTH = (
    "placed",
    "preparing",
    "shipped",
    "delivered",
    "completed",
    "returned",
    "cancelled",
    "unfinished",
)
_NOT_CANCELLED = frozenset(
    folded(word)
    for word in (
        "0",
        "有効",
        "有効な受注です。",
        "いいえ",
        "false",
        "no",
        "0000-00-00 00:00:00",
    )
)


class OrderCells:
    """Knows where what stands in the rows of one file."""

    def __init__(self, header: list[str], mapping: Mapping, counts: Counts) -> None:
        self.header = header
        self.mapping = mapping
        self.counts = counts
        self.places: Dict[str, Place] = mapping.places(header)
        self._fillers = Fillers()

    def unknown_columns(self) -> list[str]:
        """The titles of all columns that are not imported."""
        used = {at for place in self.places.values() for at in place.positions}
        return [
            title.strip()[:60]
            for at, title in enumerate(self.header)
            if at not in used and title.strip()
        ]

    def title(self, name: str) -> str:
        return self.header[self.places[name].positions[0]].strip()[:40]

    def read(self, cells: list[str]) -> tuple[Row, list[str]]:
        """The row by our names, and its cells, both without card numbers."""
        row = {name: self.cell(name, cells) for name in self.places}
        if CARD_LIKE.search("\nx\n".join(cells)):
            row, cells = self._without_cards(row), masked_cells(cells)
        for name, limit in TEXTS.items():
            if len(row.get(name, "")) > limit:
                words(row[name], limit=limit, name=self.title(name))
        return row, cells

    def cell(self, name: str, cells: list[str]) -> str:
        place = self.places[name]
        if len(place.positions) == 1:
            return self._known_cell(name, plain(cells[place.positions[0]]))
        parts = [self._known_cell(name, plain(cell)) for cell in place.cells(cells)]
        if not place.is_joined:
            return next((part for part in parts if part), "")
        if name == "status":
            return self._strongest(parts)
        if name == "address":
            return _one_line(parts)
        return _JOINED_BY.get(name, "").join(part for part in parts if part)

    def _known_cell(self, name: str, cell: str) -> str:
        """Empty where the cell only says that nothing is known."""
        if name in _SHORTENED and is_shortened(cell):
            return ""
        if not cell or name in _AS_WRITTEN:
            return cell
        if name in _PARTS_OF_NAMES:  # there are people called Guest, Null and 空
            return cell if folded_filler(cell) else ""
        return "" if self._fillers.in_word(cell) else cell

    def _strongest(self, parts: list[str]) -> str:
        """Of several columns the word that says most: paid, then fulfilled, then refunded."""
        known = [part for part in parts if folded(part) in self.mapping.statuses]
        unknown = [part for part in parts if part and part not in known]
        return max(known, key=self._strength, default=unknown[0] if unknown else "")

    def _strength(self, word: str) -> int:
        return _STRENGTH.index(self.mapping.statuses[folded(word)])

    def _without_cards(self, row: Row) -> Row:
        """Words are masked; what an order or a person is known by is refused."""
        for name in _KNOWN_BY:
            if holds_card(row.get(name, "")):
                raise BadRowError(
                    _("%(column)s holds a card number.") % {"column": self.title(name)}
                )
        return {name: mask_cards(cell, in_names=True) for name, cell in row.items()}

    def word(self, row: Row, name: str, known: Dict[str, str]) -> str:
        """Our value for the word; one that we do not know is counted, not refused."""
        cell = row.get(name)
        if not cell:
            return ""
        value = known.get(folded(cell))
        if value is None:
            self.counts.note_unknown_word(self.title(name), cell)
        return value or ""

    def status(self, row: Row) -> str:
        """Of the order, a date or a flag of its cancellation included."""
        cancelled = row.get("cancelled", "")
        if cancelled and folded(cancelled) not in _NOT_CANCELLED:
            return "cancelled"
        if "status" not in self.places:
            return self._dated(row)
        return self.word(row, "status", self.mapping.statuses)

    @staticmethod
    def _dated(row: Row) -> str:
        """A list of what was sent has no status, and says when."""
        if row.get("delivered_at"):
            return "delivered"
        return "shipped" if row.get("shipped_at") else ""

    def payment_status(self, row: Row) -> str:
        """Of the payment; some shops say it in the status of the order only."""
        known = self.mapping.payment_statuses
        value = self.word(row, "payment_status", known)
        if value or "payment_status" in self.places:
            return value
        return known.get(folded(row.get("status", "")), "")


def _one_line(parts: list[str]) -> str:
    """大阪府 + 大阪市北区 + 梅田1-2-3 as one; between two Latin letters goes a space."""
    line = ""
    for part in parts:
        if part.startswith(line):  # told once more, within the whole of it
            line = ""
        is_apart = line[-1:].isascii() and part[:1].isascii() and line and part
        line += f" {part}" if is_apart else part
    return line
