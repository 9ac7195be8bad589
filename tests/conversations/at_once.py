"""Deeds that begin at the same moment, each on a connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
from django.db import connection, models

from tests.waiting import until

Deed = Callable[[], Any]


def at_once(*deeds: Deed) -> list[Any]:
    """What each answers when all begin at the same moment, on connections of their own."""
    start = Barrier(len(deeds))

    def one(deed: Deed) -> Any:
        start.wait(20)
        return closing_after(deed)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def meeting_at(row: models.Model, *deeds: Deed) -> list[Any]:
    """What each answers when all have come as far as that row before one may go on.

    What a deed has read of the row until then is old when its turn comes.
    """
    table = connection.ops.quote_name(row._meta.db_table)
    with psycopg.connect(**connection.get_connection_params()) as held:
        held.execute(f"select 1 from {table} where id = %s for update", [row.pk])  # noqa: S608  # a name of our own
        with ThreadPoolExecutor(len(deeds)) as pool:
            running = [pool.submit(closing_after, deed) for deed in deeds]
            until(
                lambda: (
                    _waiting_for_locks() >= len(deeds)
                    or any(one.done() and one.exception() for one in running)
                ),
                20,
            )
            held.rollback()
            return [one.result() for one in running]


def _waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity "
            "where datname = current_database() and wait_event_type = 'Lock'"
        )
        (count,) = cursor.fetchone()
    return int(count)


def closing_after(deed: Deed) -> Any:
    try:
        return deed()
    finally:
        connection.close()


def statuses(answers: Iterable[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)
