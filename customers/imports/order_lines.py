"""The lines of orders that are there already: what a file adds to them, or replaces."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection

from agentdesk.accounts.models import ClientAccount
from customers.imports import order_sql as sql
from customers.models import OrderLine


class Line(NamedTuple):
    name: str
    quantity: int
    unit_price: int
    product_id: int | None

    @property
    def is_of(self) -> tuple[int | None, str]:
        return self.product_id, self.name


def merged(
    held: list[Line], wanted: list[Line], *, is_whole: bool, only_adds: bool
) -> list[Line]:
    """What an order has after a file that says `wanted` of it.

    Where the file holds the whole order, that is what it says. Otherwise the same line
    stays, one of the same product is that product's news, and all others are added.
    `only_adds` takes nothing as news: the mended rows of an earlier file were in none.
    """
    if is_whole:
        return wanted
    lines = list(held)
    free = set(range(len(held)))
    rest = []
    for line in wanted:
        same = next((at for at in sorted(free) if held[at] == line), None)
        if same is None:
            rest.append(line)
        else:
            free.discard(same)
    for line in rest:
        same = next((at for at in sorted(free) if held[at].is_of == line.is_of), None)
        if same is None or only_adds:
            lines.append(line)
        else:
            lines[same] = line
            free.discard(same)
    return lines


def merge_lines(
    account: ClientAccount, span: Mapping[str, Any], *, only_adds: bool
) -> set[int]:
    """Write the lines of one batch; the orders whose lines are others than before."""
    orders = _differing(span)
    if not orders:
        return set()
    held = _held(orders)
    changed: dict[int, list[Line]] = {}
    totals: dict[int, int] = {}
    for order_id, (wanted, is_whole) in orders.items():
        lines = merged(held[order_id], wanted, is_whole=is_whole, only_adds=only_adds)
        if lines != held[order_id]:
            changed[order_id] = lines
            totals[order_id] = _sum(lines)
    _write(account, changed)
    _execute(
        sql.ADD_UP,
        {
            "orders": list(totals),
            "totals": list(totals.values()),
            "before": [_sum(held[order_id]) for order_id in totals],
        },
    )
    return set(changed)


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.quantity * line.unit_price for line in lines)


def _differing(span: Mapping[str, Any]) -> dict[int, tuple[list[Line], bool]]:
    orders: dict[int, tuple[list[Line], bool]] = {}
    for order_id, is_whole, *line in _execute(sql.DIFFERING_LINES, span):
        orders.setdefault(order_id, ([], is_whole))[0].append(Line(*line))
    return orders


def _held(orders: Iterable[int]) -> dict[int, list[Line]]:
    held: dict[int, list[Line]] = defaultdict(list)
    rows = OrderLine.objects.filter(order__in=list(orders)).order_by("position")
    for row in rows:
        line = Line(row.name, row.quantity, row.unit_price, row.product_id)
        held[row.order_id].append(line)
    return held


def _write(account: ClientAccount, orders: Mapping[int, list[Line]]) -> None:
    OrderLine.objects.filter(order__in=list(orders)).delete()
    OrderLine.objects.bulk_create(
        OrderLine(account=account, order_id=order_id, position=at, **line._asdict())
        for order_id, lines in orders.items()
        for at, line in enumerate(lines, 1)
    )


def _execute(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
