"""The way to one client: what waits for it, and what becomes of one that does not read."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping

from autobahn.websocket.protocol import PreparedMessage

PATIENCE_SECONDS = 20.0  # with a client that reads nothing
# So much that waits would be more work to show than reading the screen again.
_MOST_WAITING = 500
_RESYNC = b'{"kind":"resync"}'


def frame_of(signals: tuple[bytes, ...]) -> PreparedMessage:
    """One signal as it is, several as a list; made once for all who get the same."""
    payload = signals[0] if len(signals) == 1 else b"[%b]" % b",".join(signals)
    return PreparedMessage(
        payload, isBinary=False, applyMask=False, doNotCompress=False
    )


class Listener(ABC):
    """One socket, as the hub sees it."""

    __slots__ = (
        "_giving_up",
        "_has_lost",
        "_is_paused",
        "holds",
        "is_gone",
        "orders",
        "rests_until",
        "resync_frame",
        "topics",
        "waiting",
        "with_topic",
    )

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self.waiting: dict[bytes, str] = {}  # signals in their order, with their topics
        self.rests_until = 0.0
        self.holds = 0  # while somebody checks what it may watch
        self.is_gone = False
        # Set by the consumer: how its frames look, and what it does by itself.
        self.with_topic = True
        self.resync_frame = _RESYNC
        self.orders: Mapping[str, Callable[[], Awaitable[None]]] = {}
        self._is_paused = False
        self._has_lost = False
        self._giving_up: asyncio.TimerHandle | None = None

    def add(self, signal: bytes, topic: str) -> None:
        if self._is_paused or len(self.waiting) >= _MOST_WAITING:
            self.waiting.clear()
            self._has_lost = True
        else:
            self.waiting[signal] = topic

    def take(self) -> tuple[bytes, ...]:
        """What is to be sent now."""
        if self._has_lost and not self._is_paused:
            self._has_lost = False
            self.waiting.clear()
            return (self.resync_frame,)
        signals = tuple(self.waiting)
        self.waiting.clear()
        return signals

    def send(self, frame: PreparedMessage) -> None:
        if self._is_paused:
            self._has_lost = True
        else:
            self._write(frame)

    def resync(self) -> None:
        """The client reads everything anew, so nothing need be sent before."""
        self.waiting.clear()
        self.send(frame_of((self.resync_frame,)))

    def pause(self) -> None:
        """The client does not read: signals are lost until it does."""
        if not self._is_paused:
            self._is_paused = True
            self._has_lost = self._has_lost or bool(self.waiting)
            self.waiting.clear()
            loop = asyncio.get_running_loop()
            self._giving_up = loop.call_later(PATIENCE_SECONDS, self.cut)

    def resume(self) -> None:
        self._is_paused = False
        self._stop_waiting()
        if self._has_lost and not self.is_gone:
            self._has_lost = False
            self.resync()

    def leave(self) -> None:
        self.is_gone = True
        self.waiting.clear()
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    @abstractmethod
    def _write(self, frame: PreparedMessage) -> None: ...

    @abstractmethod
    def cut(self) -> None:
        """End the connection, whatever the client does."""
