"""Order files: one row is one line of an order."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from customers.imports import order_merge, order_tables
from customers.imports.base import Counts, Progress, Source, StagedRow, WrongFileError
from customers.imports.mapping import Way
from customers.imports.order_cells import OrderCells
from customers.imports.order_rows import OrderRows
from customers.imports.rejected import masked_cells, titles
from customers.imports.stores import StoreFinder

_REQUIRED = (
    ("order_number",),
    ("placed_at",),
    ("item_name", "sku"),
    ("unit_price", "line_total"),
    ("customer_number", "phone", "email", "name", "family_name", "name_given_first"),
)

_KNOWN_BY = {"shop": "customer_number", "phone": "phone", "email": "email"}


class OrdersImport:
    """See `base.Kind`."""

    def __init__(self, source: Source, counts: Counts) -> None:
        self.source = source
        self.counts = counts
        self.stores = StoreFinder(source)

    def check_header(self, header: list[str]) -> None:
        mapping = self.source.mapping.adjusted_to(header)
        self.cells = OrderCells(header, mapping, self.counts)
        missing = [
            " / ".join(_title(mapping.columns[name]) for name in names[:3])
            for names in _REQUIRED
            if not any(name in self.cells.places for name in names)
        ]
        if missing:
            raise WrongFileError(
                _("These columns are missing: %(names)s. See --mapping.")
                % {"names": ", ".join(missing)}
            )
        if "store_code" not in self.cells.places:
            self.stores.require_default()
        self.rows = OrderRows(self.source, self.cells, self.stores)
        self.is_of_rejected_rows = _is_of_rejected_rows(header)
        self.counts.layout = mapping.layout_name
        ours = 2 if self.is_of_rejected_rows else 0
        self.counts.unknown_columns = self.cells.unknown_columns()[ours:]

    def stage_tables(self) -> None:
        order_tables.create()

    def copy(self, rows: list[StagedRow]) -> None:
        order_tables.copy(rows)

    def staged(self, line: int, cells: list[str]) -> StagedRow | None:
        return self.rows.staged(line, cells)

    def rejected(self, line: int, reason: str, cells: list[str], raw: str) -> StagedRow:
        """With the number of its order, which the file does not hold whole any more."""
        is_cut = len(cells) == len(self.cells.header)
        masked = masked_cells(cells)
        number = self.cells.cell("order_number", masked)[:60] if is_cut else ""
        return (line, reason, raw, number)

    def merge(self, progress: Progress) -> None:
        options = order_tables.Options(
            account_id=self.source.account.pk,
            shared_limit=self.source.shared_limit,
            holds_whole_orders=self.source.whole_orders,
            is_of_rejected_rows=self.is_of_rejected_rows,
            has_line_numbers="line_number" in self.cells.places,
        )
        titles = {
            column: self.cells.title(name)
            for column, name in _KNOWN_BY.items()
            if name in self.cells.places
        }
        order_merge.merge(self.source, options, titles, self.counts, progress)


def _title(ways: list[Way]) -> str:
    """What such a column is usually called; a layout may have begun with no column."""
    return next((way.columns[0] for way in ways if way.columns), "")


def _is_of_rejected_rows(header: list[str]) -> bool:
    """Whether the file is one that we wrote, mended by somebody."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if [title.strip("\ufeff ") for title in header[:2]] == titles():
                return True
    return False
