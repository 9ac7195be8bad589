"""Deeds that begin at the same moment, each on a connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

Deed = Callable[[], Any]


def at_once(*deeds: Deed) -> list[Any]:
    """What each answers when all begin at the same moment, on connections of their own."""
    start = Barrier(len(deeds))

    def one(deed: Deed) -> Any:
        start.wait(20)
        return closing_after(deed)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def closing_after(deed: Deed) -> Any:
    try:
        return deed()
    finally:
        connection.close()


def statuses(answers: Iterable[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)
