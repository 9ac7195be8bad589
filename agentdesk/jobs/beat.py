"""Beat: sends the periodic tasks, none of which waits twice in a queue."""

import time
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry

from agentdesk.jobs.heartbeat import EVERY_SECONDS, note_alive
from agentdesk.jobs.queueing import begins_to_wait, waiting_options


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
        if begins_to_wait(entry.task or "", [()]):
            entry.options = {**(entry.options or {}), **waiting_options()}
            super().apply_entry(entry, producer=producer)
