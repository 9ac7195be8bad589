"""The order people give to the things of an account."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet


def moved(ids: Sequence[int], pk: int, step: int) -> list[int]:
    """`ids` with `pk` moved by `step` places, as far as there are places."""
    rest = [other for other in ids if other != pk]
    at = min(max(list(ids).index(pk) + step, 0), len(rest))
    return [*rest[:at], pk, *rest[at:]]


def placed(ids: Sequence[int], pk: int, target: int, *, after: bool) -> list[int]:
    """`ids` with `pk` put before or after `target`."""
    rest = [other for other in ids if other != pk]
    at = rest.index(target) + after if target in rest else len(rest)
    return [*rest[:at], pk, *rest[at:]]


def save_order(rows: "QuerySet[Any]", ids: Sequence[int]) -> None:
    """Number the `position` of `rows` as `ids` has them; writes only what differs."""
    found: dict[int, Model] = rows.in_bulk(list(ids))
    changed = []
    for position, pk in enumerate(ids):
        row = found[pk]
        if row.position != position:  # type: ignore[attr-defined]  # rows that have one
            row.position = position  # type: ignore[attr-defined]
            changed.append(row)
    rows.bulk_update(changed, ["position"])
