"""The one way to start a task: after commit, with ids, and never failing the caller."""

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue(task: "Task[Any, Any]", *ids: int) -> None:
    """Start `task` with `ids` once the current transaction has committed.

    A broker that is away loses nothing: the rows say what is still to be done, and
    the sweep that belongs to every task finds them.
    """

    def send() -> None:  # not a partial: Django names a failed hook by __qualname__
        _send(task, ids)

    transaction.on_commit(send, robust=True)


def _send(task: "Task[Any, Any]", ids: tuple[int, ...]) -> None:
    try:
        task.apply_async(args=ids, retry=False)
    except OperationalError:
        log.warning("broker_away", task=task.name, ids=ids)
