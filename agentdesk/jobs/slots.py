"""Slow work is given a few of a worker's threads, so that messages always find one.

A customer who sends 200 files, or one whose server answers at its leisure, must not
keep every thread from what others write.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)

_MOST_TURNS = 200  # then a sweep begins anew
_MOST_WAITING = 10_000


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
            _act_on(act, pk)
            for _turn in range(_MOST_TURNS):
                waiting = self._waiting()
                if not waiting:
                    return
                _act_on(act, waiting[0])
        finally:
            self._free.release()


class Backlog:
    """As many at a time in one process, which remembers by itself what else is to be done.

    For what the next message asks for again: a process that ends forgets it.
    """

    def __init__(self, number: int) -> None:
        self._free = BoundedSemaphore(number)
        self._waiting: deque[tuple[Callable[[int], object], int]] = deque(
            maxlen=_MOST_WAITING
        )

    def work(self, act: Callable[[int], object], pk: int) -> None:
        """Do `pk` and all that waits, or leave it to those who have the slots."""
        self._waiting.append((act, pk))
        # Once more after the release: what came since has found no slot.
        while self._waiting and self._free.acquire(blocking=False):
            try:
                self._work_off()
            finally:
                self._free.release()

    def _work_off(self) -> None:
        while True:
            try:
                act, pk = self._waiting.popleft()
            except IndexError:
                return
            _act_on(act, pk)


def _act_on(act: Callable[[int], object], pk: int) -> None:
    """One that fails holds back none of the others: it was claimed, and rests."""
    try:
        act(pk)
    except (OperationalError, InterfaceError):
        raise  # the database is away: for the others too
    except Exception:
        log.exception("slow_work_failed", item=pk)
