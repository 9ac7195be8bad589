"""What many threads ask for at the same moment, carried out at once by one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")

_MOST_AT_ONCE = 64


@dataclass
class _Turn(Generic[Request, Answer]):
    request: Request
    called: Event = field(default_factory=Event)
    is_over: bool = False
    answer: Answer | None = None


class Together(Generic[Request, Answer]):
    """One at work, the rest wait and go as one batch next: as a database commits groups.

    Under load a batch costs hardly more than one alone; where nobody else asks, nobody
    waits. `carry_out` gets what was asked, in its order, and gives an answer to each; a
    transaction it needs begins and ends in it. None leaves the asker to go alone, as
    does an error that a batch of several has met.
    """

    def __init__(
        self, carry_out: Callable[[Sequence[Request]], Sequence[Answer | None]]
    ) -> None:
        self._carry_out = carry_out
        self._lock = Lock()
        self._waiting: list[_Turn[Request, Answer]] = []
        self._is_at_work = False

    def submit(self, request: Request) -> Answer | None:
        mine = _Turn[Request, Answer](request)
        with self._lock:
            self._waiting.append(mine)
            is_first = not self._is_at_work
            self._is_at_work = True
        if not is_first:
            mine.called.wait()
        if not mine.is_over:
            self._lead()
        return mine.answer

    def _lead(self) -> None:
        """Carry out what waits, one's own first, and call the next who is to lead."""
        with self._lock:
            batch = self._waiting[:_MOST_AT_ONCE]
            del self._waiting[: len(batch)]
        try:
            answers = self._carry_out([turn.request for turn in batch])
            for turn, answer in zip(batch, answers, strict=True):
                turn.answer = answer
        except Exception:
            if len(batch) == 1:
                raise
        finally:
            with self._lock:
                self._is_at_work = bool(self._waiting)
                following = self._waiting[:1]
            for turn in batch:
                turn.is_over = True
            for turn in batch + following:
                turn.called.set()
