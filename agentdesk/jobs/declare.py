"""Declaring a job: all that is to be known of a task stands where it is written.

A job is a thin Celery task that takes ids and may run twice. One with a period is a
sweep: beat starts it again and again, though never while it still waits in a queue
(`agentdesk.jobs.beat`).
"""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task

# What waits for a provider's answer is apart, so that a slow one delays no message.
DEFAULT, OUTBOUND = "celery", "outbound"
_queues: dict[str, str] = {}
_periods: dict[str, float] = {}


def job(
    *, queue: str = DEFAULT, every: float | None = None, acks_late: bool = False
) -> "Callable[[Callable[..., None]], Task[..., None]]":
    """A task of the queue, and a sweep where it is started `every` so many seconds.

    `acks_late`: a worker that dies in the middle of it leaves it to another one.
    """

    def declare(function: Callable[..., None]) -> "Task[..., None]":
        # Not the task's own name: asking for it ends the reading of jobs.
        name = f"{function.__module__}.{function.__name__}"
        _queues[name] = queue
        if every is not None:
            _periods[name] = every
        return shared_task(name=name, acks_late=acks_late)(function)

    return declare


def route(name: str, *_call: Any, **_options: Any) -> dict[str, str] | None:
    """The queue of a job, as Celery's `task_routes` asks for it."""
    return {"queue": _queues[name]} if name in _queues else None


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The sweeps with their periods, as Celery's beat takes them."""
    return {
        name: {"task": name, "schedule": seconds} for name, seconds in _periods.items()
    }
