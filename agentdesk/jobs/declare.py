"""Declaring a job: all that is to be known of a task stands where it is written.

A job is a thin Celery task that takes ids and may run twice. While one waits in its queue
another with the same ids is not sent, and whatever a lost message left behind is found by
the sweep that is declared with it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from celery import Task, shared_task

from agentdesk.jobs.queueing import start_left_behind
from agentdesk.jobs.registry import (
    DEDUPLICATED_FOR,
    LEAST_EXPIRY,
    Declaration,
    register,
    register_sweep,
)
from agentdesk.jobs.turns import turn

# What waits for a provider's answer is apart, so that a slow one delays no message.
DEFAULT, OUTBOUND = "celery", "outbound"


@dataclass(frozen=True)
class Sweep:
    """Every so many seconds the job is started for each of `rows`, their keys."""

    every: float
    rows: Callable[[], Iterable[int]]


def job(
    *,
    queue: str = DEFAULT,
    every: float | None = None,
    expires: float | None = None,
    deduplicated_for: float = DEDUPLICATED_FOR,
    sweep: Sweep | None = None,
    acks_late: bool = False,
    one_at_a_time: bool = False,
) -> "Callable[[Callable[..., None]], Task[..., None]]":
    """A task of the queue. All times are seconds.

    `every`: beat starts it again and again. `expires`: what beat or the sweep has sent
    and nobody has begun by then is dropped, for a later run does the same; its period,
    but no less than `LEAST_EXPIRY`: in a queue that lags by more than a short period
    every run would be dropped before it is reached. `deduplicated_for`: so long, at most,
    a run that waits stands for all that are enqueued with its ids. `acks_late`: a worker
    that dies in the middle of it leaves it to another one. `one_at_a_time`: a run waits
    for the one before it with the same id, and stands for others until its turn.
    """
    period = every or (sweep.every if sweep else 0.0)
    declaration = Declaration(
        queue=queue,
        every=every,
        expires=expires or max(period, LEAST_EXPIRY),
        deduplicated_for=deduplicated_for,
        is_one_at_a_time=one_at_a_time,
    )

    def declare(function: Callable[..., None]) -> "Task[..., None]":
        # Not the task's own name: asking for it ends the reading of jobs.
        name = f"{function.__module__}.{function.__name__}"
        register(name, declaration)
        body = _in_turn(name, function) if one_at_a_time else function
        task = shared_task(name=name, acks_late=acks_late)(body)
        if sweep is not None:
            _declare_sweep(name, task, sweep)
        return task

    return declare


def _in_turn(name: str, function: Callable[[int], None]) -> Callable[[int], None]:
    @wraps(function)
    def run(pk: int) -> None:
        with turn(name, pk):
            function(pk)

    return run


def _declare_sweep(backed: str, task: "Task[Any, Any]", sweep: Sweep) -> None:
    """It stands in the queue of what takes no time, whatever the job's own."""
    module, _dot, function = backed.rpartition(".")
    name = f"{module}.sweep_{function}"
    lasting = max(sweep.every, LEAST_EXPIRY)
    register(name, Declaration(DEFAULT, every=sweep.every, expires=lasting))

    def run() -> None:
        start_left_behind(task, sweep.rows())

    register_sweep(backed, shared_task(name=name)(run))
