"""Beat: sends the periodic tasks, none of which waits twice in a queue."""

import time
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry

from agentdesk.jobs.heartbeat import EVERY_SECONDS, note_alive
from agentdesk.jobs.registry import declaration_of
from agentdesk.jobs.waiting import note_waiting


class SweepScheduler(PersistentScheduler):
    """Where nobody works a queue, the sweeps of an hour would be thousands of tasks."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._noted_at = -EVERY_SECONDS

    def tick(self, *args: Any, **options: Any) -> float:
        now = time.monotonic()
        if now - self._noted_at >= EVERY_SECONDS:
            self._noted_at = now
            note_alive("beat")
        return float(super().tick(*args, **options))

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        name = entry.task or ""
        seconds = declaration_of(name).expires
        if note_waiting(name, [()], seconds):
            entry.options = {**(entry.options or {}), "expires": seconds}
            super().apply_entry(entry, producer=producer)
