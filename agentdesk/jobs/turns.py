"""One run of a job for one row at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection

from agentdesk.jobs.waiting import stop_waiting

# A run that takes longer may have been frozen, or cut off from the database.
_PATIENCE_SECONDS = 10
_PAUSE_SECONDS = 0.02
_NUMBER = "hashtextextended(%s, 0)"


@contextmanager
def turn(name: str, pk: int) -> Iterator[None]:
    """Who comes second waits, though not for ever.

    What is started from now on is another run. It spares work; what must not happen
    twice is for the rows to say. Called outside any transaction.
    """
    lock = f"{name}:{pk}"
    is_mine = _wait_for(lock)
    try:
        stop_waiting(name, (pk,))
        yield
    finally:
        if is_mine:
            _let_go(lock)


def _wait_for(lock: str) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(f"select pg_try_advisory_lock({_NUMBER})", [lock])
            if cursor.fetchone() == (True,):
                return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _let_go(lock: str) -> None:
    """A connection that has died has let go of it already."""
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_unlock({_NUMBER})", [lock])
