"""Several statements in one round trip to the database."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

# What is to be executed, and what belongs into its places.
Statement = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]


def execute_together(statements: Sequence[Statement]) -> list[Rows]:
    """Carry them out in their order, one after the other; the rows of each.

    Each sees what was committed until it begins, as if it had been sent by itself: what
    follows a lock sees what was written by those for whom the lock has waited. Called
    inside a transaction, if it writes.
    """
    wanted = [one for one in statements if one[0]]
    if not wanted:
        return []
    found: list[Rows] = []
    with connection.cursor() as cursor:
        cursor.execute(
            ";\n".join(text for text, _values in wanted),
            [value for _text, values in wanted for value in values],
        )
        while True:
            found.append(cursor.fetchall() if cursor.description else [])
            if not cursor.nextset():
                return found
