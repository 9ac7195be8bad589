"""Starting a task: after commit, with ids, and never failing the caller.

A broker that is away loses nothing: the rows say what is still to be done, and the
sweep that belongs to every task finds them.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import redis
import structlog
from celery import Task
from django.db import transaction
from kombu import Producer
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers

from agentdesk.database import PATIENCE_SECONDS, publisher_options
from agentdesk.jobs.registry import declaration_of
from agentdesk.jobs.waiting import note_waiting
from agentdesk.live.valkey import AwayError, guard

log = structlog.get_logger(__name__)

_MOST_MISSED = 1000
_AGAIN_SECONDS = 0.25


def enqueue(task: "Task[Any, Any]", *ids: int, after: float = 0.0) -> None:
    """Start `task` with `ids` once the current transaction has committed.

    One that waits in its queue with the same ids stands for it. `after`: it waits so
    many seconds longer.
    """
    options = {"countdown": after} if after else {}

    def send() -> None:  # not a partial: Django names a failed hook by __qualname__
        seconds = declaration_of(task.name).deduplicated_for
        if note_waiting(task.name, [ids], seconds) != []:
            _send(task, ids, **options)

    transaction.on_commit(send, robust=True)


def start_left_behind(task: "Task[Any, Any]", pks: Iterable[int]) -> None:
    """Start `task` for rows that were left behind, each once until it begins.

    A sweep comes again and again while nobody works the queue: what waits is not sent
    again, and is dropped where it waited for so long that a later sweep has sent it anew.
    None while Valkey is away: the broker is the same server.
    """
    runs, seconds = [(pk,) for pk in pks], declaration_of(task.name).expires
    for ids in note_waiting(task.name, runs, seconds) or ():
        publish_task(task, ids, expires=seconds)


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
