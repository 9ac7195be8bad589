"""The ways to start a task: after commit, with ids, and never failing the caller.

A broker that is away loses nothing: the rows say what is still to be done, and the
sweep that belongs to every task finds them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import redis
import structlog
from celery import Task
from django.db import Error, connection, transaction
from kombu.exceptions import OperationalError

from agentdesk.live.valkey import valkey

log = structlog.get_logger(__name__)

# What was rung for and never begun is rung for again after this.
_RING_SECONDS = 5
# A run that takes longer may have been frozen, or cut off from the database.
_PATIENCE_SECONDS = 10
_PAUSE_SECONDS = 0.02
_NUMBER = "hashtextextended(%s, 0)"


def enqueue(task: "Task[Any, Any]", *ids: int) -> None:
    """Start `task` with `ids` once the current transaction has committed."""

    def send() -> None:  # not a partial: Django names a failed hook by __qualname__
        _send(task, ids)

    transaction.on_commit(send, robust=True)


def ring(task: "Task[Any, Any]", pk: int) -> None:
    """The same for a task that does all there is to do for `pk`, in its `turn`.

    However many ring before it begins, it is started once.
    """

    def send() -> None:
        if not _is_rung(task, pk):
            _send(task, (pk,))

    transaction.on_commit(send, robust=True)


@contextmanager
def turn(task: "Task[Any, Any]", pk: int) -> Iterator[None]:
    """One run of `task` for `pk` at a time: who comes second waits, though not for ever.

    Who rings from now on is heard by the next run. It spares work; what must not happen
    twice is for the rows to say. Called outside any transaction.
    """
    name = f"{task.name}:{pk}"
    is_mine = _wait_for(name)
    try:
        with suppress(redis.RedisError, OSError):
            valkey().delete(_bell(task, pk))
        yield
    finally:
        if is_mine:
            _let_go(name)


def _wait_for(name: str) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(f"select pg_try_advisory_lock({_NUMBER})", [name])
            if cursor.fetchone() == (True,):
                return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _let_go(name: str) -> None:
    """A connection that has died has let go of it already."""
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_unlock({_NUMBER})", [name])


def _is_rung(task: "Task[Any, Any]", pk: int) -> bool:
    try:
        return not valkey().set(_bell(task, pk), 1, nx=True, ex=_RING_SECONDS)
    except (redis.RedisError, OSError):
        return False


def _bell(task: "Task[Any, Any]", pk: int) -> str:
    return f"bell:{task.name}:{pk}"


def _send(task: "Task[Any, Any]", ids: tuple[int, ...]) -> None:
    try:
        task.apply_async(args=ids, retry=False)
    except OperationalError:
        log.warning("broker_away", task=task.name, ids=ids)
