"""What is declared of each job, by the name of its task."""

from dataclasses import dataclass
from typing import Any

from celery import Task

# A run that beat or a sweep has sent is dropped no earlier than this.
LEAST_EXPIRY = 30.0
# Shorter than what a sweep sends is waited for: it finds soon what a worker's death lost.
DEDUPLICATED_FOR = 5.0


@dataclass(frozen=True)
class Declaration:
    """What `declare.job` says of them."""

    queue: str
    every: float | None = None
    expires: float = LEAST_EXPIRY
    deduplicated_for: float = DEDUPLICATED_FOR
    is_one_at_a_time: bool = False


_declarations: dict[str, Declaration] = {}
_sweeps: "dict[str, Task[[], None]]" = {}


def register(name: str, declaration: Declaration) -> None:
    _declarations[name] = declaration


def register_sweep(name: str, sweep: "Task[[], None]") -> None:
    _sweeps[name] = sweep


def declaration_of(name: str) -> Declaration:
    return _declarations[name]


def is_job(name: str) -> bool:
    """False for the tasks of Celery itself."""
    return name in _declarations


def sweep_of(task: "Task[Any, Any]") -> "Task[[], None]":
    """The periodic job that finds what a lost message of `task` left behind."""
    return _sweeps[task.name]


def route(name: str, *_call: Any, **_options: Any) -> dict[str, str] | None:
    """The queue of a job, as Celery's `task_routes` asks for it."""
    declaration = _declarations.get(name)
    return {"queue": declaration.queue} if declaration else None


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The periodic jobs, sweeps among them, as Celery's beat takes them."""
    return {
        name: {"task": name, "schedule": declaration.every}
        for name, declaration in _declarations.items()
        if declaration.every is not None
    }
