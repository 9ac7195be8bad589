"""Slow work is given a few of a worker's threads, so that messages always find one.

A customer who sends 200 files, or one whose server answers at its leisure, must not
keep every thread from what others write.
"""

from collections.abc import Callable, Sequence
from threading import BoundedSemaphore

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)

_MOST_TURNS = 200  # then a sweep begins anew


class Slots:
    """As many at a time in one process; `waiting` tells what else is to be done."""

    def __init__(self, number: int, waiting: Callable[[], Sequence[int]]) -> None:
        self._free = BoundedSemaphore(number)
        self._waiting = waiting

    def work(self, act: Callable[[int], object], pk: int) -> None:
        """Do `pk` and all that waits, or leave it to those who have the slots."""
        if not self._free.acquire(blocking=False):
            return
        try:
            self._act(act, pk)
            for _turn in range(_MOST_TURNS):
                waiting = self._waiting()
                if not waiting:
                    return
                self._act(act, waiting[0])
        finally:
            self._free.release()

    def _act(self, act: Callable[[int], object], pk: int) -> None:
        """One that fails holds back none of the others: it was claimed, and rests."""
        try:
            act(pk)
        except (OperationalError, InterfaceError):
            raise  # the database is away: for the others too
        except Exception:
            log.exception("slow_work_failed", item=pk)
