"""Keyset paging: a page costs the rows it shows, however deep it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

_Row = TypeVar("_Row", bound=Model)


class InvalidCursorError(Exception):
    """A cursor that this installation has not made."""


@dataclass(frozen=True)
class Page(Generic[_Row]):
    rows: list[_Row]
    next_cursor: str  # empty on the last page


def page(
    rows: QuerySet[_Row],
    order: tuple[str, ...],
    *,
    cursor: str = "",
    size: int = 30,
    parts: Sequence[Q] = (),
) -> Page[_Row]:
    """One page of `rows` ordered by `order` (field names, "-" for descending).

    The last field must be unique and none of them null. `parts` splits rows that no
    single index has in this order into such that each are a range of one (one for each
    account): only the first ones of every part are read. Raises InvalidCursorError.
    """
    if cursor:
        rows = rows.filter(_after(order, _read_cursor(cursor, order)))
    found = list(rows_of_page(rows, order, size=size, parts=parts))
    return as_page(found, order, size=size)


def rows_of_page(
    rows: QuerySet[_Row], order: tuple[str, ...], *, size: int, parts: Sequence[Q] = ()
) -> QuerySet[_Row]:
    """The first of `rows`, one more than a page: for `as_page`."""
    rows = rows.order_by(*order)
    if parts:
        firsts = [rows.filter(part).values("pk")[: size + 1] for part in parts]
        chosen = firsts[0].union(*firsts[1:], all=True) if parts[1:] else firsts[0]
        rows = rows.filter(pk__in=chosen)
    return rows[: size + 1]


def as_page(found: list[_Row], order: tuple[str, ...], *, size: int) -> Page[_Row]:
    """From rows in this order that were read already, one more than a page holds."""
    more = len(found) > size
    found = found[:size]
    return Page(found, _cursor_at(found[-1], order) if more else "")


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    """The rows behind `values`, with a plain bound on the first field for the index."""
    condition = Q()
    for position, name in enumerate(order):
        alternative = Q(**{_comparison(name): values[position]})
        for earlier in range(position):
            alternative &= Q(**{order[earlier].lstrip("-"): values[earlier]})
        condition |= alternative
    return Q(**{f"{_comparison(order[0])}e": values[0]}) & condition


def _comparison(name: str) -> str:
    return f"{name[1:]}__lt" if name.startswith("-") else f"{name}__gt"


def _salt(order: tuple[str, ...]) -> str:
    """A cursor of one list is none of another's: its values are of other kinds."""
    return f"keyset:{','.join(order)}"


def _cursor_at(row: Model, order: tuple[str, ...]) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    return signing.dumps(
        [v.isoformat() if isinstance(v, datetime) else v for v in values],
        salt=_salt(order),
        compress=True,
    )


def _read_cursor(cursor: str, order: tuple[str, ...]) -> list[Any]:
    try:
        values = signing.loads(cursor, salt=_salt(order))
    except signing.BadSignature as error:
        raise InvalidCursorError from error
    if not isinstance(values, list) or len(values) != len(order):
        raise InvalidCursorError
    return [_read_value(value) for value in values]


def _read_value(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value
