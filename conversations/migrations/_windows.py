"""Walking over all messages in a migration, a window of their numbers at a time."""

from collections.abc import Sequence

from django.db import connection, transaction

WINDOW = 10_000


def in_windows(*statements: str) -> None:
    """Run the statements on each window, one transaction each.

    They take `%(first)s` and `%(last)s`, numbers of messages. A second run must find
    nothing left to do: one that was broken off is begun anew.
    """
    with connection.cursor() as cursor:
        cursor.execute("select min(id), max(id) from conversations_message")
        first, last = cursor.fetchone()
    if first is None:
        return
    for start in range(first, last + 1, WINDOW):
        _run(statements, {"first": start, "last": min(start + WINDOW - 1, last)})


def _run(statements: Sequence[str], window: dict[str, int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one, window)
