"""The ways to start a task: after commit, with ids, and never failing the caller.

A broker that is away loses nothing: the rows say what is still to be done, and the
sweep that belongs to every task finds them.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import redis
import structlog
from celery import Task
from django.db import Error, connection, transaction
from kombu import Producer
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers

from agentdesk.database import PATIENCE_SECONDS, publisher_options
from agentdesk.live.valkey import AwayError, guard, valkey

log = structlog.get_logger(__name__)

# What was rung for and never begun is rung for again after this.
_RING_SECONDS = 5
# A run that takes longer may have been frozen, or cut off from the database.
_PATIENCE_SECONDS = 10
_PAUSE_SECONDS = 0.02
_MOST_MISSED = 1000
# What a sweep has sent is sent again after this, unless it has begun.
_WAITING_SECONDS = 30
_WAITED = "agentdesk_waited"
_AGAIN_SECONDS = 0.25
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


def sweep(task: "Task[Any, Any]", pks: Iterable[int]) -> None:
    """Start `task` for rows that were left behind, each once until it begins.

    A sweep comes again and again while nobody works the queue: what an earlier one has
    sent is not sent again, and is dropped where it waited for so long that a later one
    has sent it anew.
    """
    several = [(pk,) for pk in pks]
    for ids in begins_to_wait(task.name, several):
        publish_task(task, ids, **waiting_options())


def begins_to_wait(
    name: str, several: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """Those of the tasks that do not wait in a queue yet, noted as waiting.

    None while Valkey is away: the broker is the same server.
    """
    if not several:
        return []
    try:
        with valkey() as client, client.pipeline(transaction=False) as pipe:
            for ids in several:
                pipe.set(_waiting_key(name, ids), 1, nx=True, ex=_WAITING_SECONDS)
            noted = pipe.execute()
    except (redis.RedisError, OSError):
        return []
    return [ids for ids, is_new in zip(several, noted, strict=True) if is_new]


def waiting_options() -> dict[str, Any]:
    return {"expires": _WAITING_SECONDS, "headers": {_WAITED: "1"}}


def stop_waiting(task: "Task[Any, Any]", ids: Iterable[int]) -> None:
    """It begins: from now on a sweep may send it again."""
    request = task.request  # of one that is carried out in place, in its headers
    if getattr(request, _WAITED, None) or _WAITED in (request.headers or {}):
        with suppress(redis.RedisError, OSError), valkey() as client:
            client.delete(_waiting_key(task.name, tuple(ids)))


def _waiting_key(name: str, ids: tuple[int, ...]) -> str:
    return f"waiting:{name}:{','.join(map(str, ids))}"


@contextmanager
def turn(task: "Task[Any, Any]", pk: int) -> Iterator[None]:
    """One run of `task` for `pk` at a time: who comes second waits, though not for ever.

    Who rings from now on is heard by the next run. It spares work; what must not happen
    twice is for the rows to say. Called outside any transaction.
    """
    name = f"{task.name}:{pk}"
    is_mine = _wait_for(name)
    try:
        with suppress(redis.RedisError, OSError), valkey() as client:
            client.delete(_bell(task, pk))
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
        with valkey() as client:
            return not client.set(_bell(task, pk), 1, nx=True, ex=_RING_SECONDS)
    except (redis.RedisError, OSError):
        return False


def _bell(task: "Task[Any, Any]", pk: int) -> str:
    return f"bell:{task.name}:{pk}"


def _send(task: "Task[Any, Any]", ids: tuple[int, ...], **options: Any) -> None:
    if not publish_task(task, ids, **options):
        _missed.add(task, ids)


def publish_task(task: "Task[Any, Any]", ids: tuple[int, ...], **options: Any) -> bool:
    """Whether the broker has taken it, which is given a second and no more."""
    try:
        with guard().asking(), _producer(task) as producer:
            task.apply_async(args=ids, retry=False, producer=producer, **options)
    except AwayError:
        return False
    except (OperationalError, LimitExceeded, redis.RedisError, OSError) as error:
        guard().note_failure(error)
        return False
    return True


@contextmanager
def _producer(task: "Task[Any, Any]") -> Iterator[Producer | None]:
    if task.app.conf.task_always_eager:
        yield None
        return
    connection = task.app.connection_for_write(transport_options=publisher_options())
    pool = producers[connection]
    with pool.acquire(block=True, timeout=PATIENCE_SECONDS) as producer:
        yield producer


class _Missed:
    """Tasks the broker did not take, for as long as it is away; a bounded number.

    They leave as soon as it answers. What is beyond, and what was missed by a process
    that ended meanwhile, the sweeps find.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[tuple[str, tuple[int, ...]], Task[Any, Any]] = {}
        self._is_running = False

    def add(self, task: "Task[Any, Any]", ids: tuple[int, ...]) -> None:
        with self._lock:
            if len(self._tasks) < _MOST_MISSED:
                self._tasks[task.name, ids] = task
            if self._is_running:
                return
            self._is_running = True
        log.warning("broker_away", task=task.name, ids=ids)
        threading.Thread(target=self._run, name="missed-tasks", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(_AGAIN_SECONDS)
            if guard().is_away:
                continue
            with self._lock:
                several, self._tasks = self._tasks, {}
            left = {
                key: task
                for key, task in several.items()
                if not publish_task(task, key[1])
            }
            with self._lock:
                self._tasks = left | self._tasks
                if not self._tasks:
                    self._is_running = False
                    return


_missed = _Missed()
