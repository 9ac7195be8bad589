"""The way to one client: what waits for it, and what becomes of one that does not read."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from autobahn.websocket.protocol import PreparedMessage
from daphne.ws_protocol import WebSocketProtocol

PATIENCE_SECONDS = 20.0  # with a client that reads nothing
# So much that waits would be more work to show than reading the screen again.
_MOST_WAITING = 500
_RESYNC = b'{"kind":"resync"}'

Asgi = Callable[..., Awaitable[None]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


def frame_of(signals: tuple[bytes, ...]) -> PreparedMessage:
    """One signal as it is, several as a list; made once for all who get the same."""
    payload = signals[0] if len(signals) == 1 else b"[%b]" % b",".join(signals)
    return PreparedMessage(payload, False, False, False)  # takes no names


class Line(ABC):
    """One socket, as the hub sees it."""

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


class DaphneLine(Line):
    """Writes to the connection itself: no task and no message for each signal.

    Twisted pauses it while 64 KiB wait unread in this process.
    """

    def __init__(self, protocol: WebSocketProtocol) -> None:
        super().__init__()
        self._protocol = protocol
        # Until now the HTTP channel that the connection was before.
        protocol.transport.unregisterProducer()
        protocol.transport.registerProducer(self, True)  # as Twisted has it

    def pauseProducing(self) -> None:  # noqa: N802  # Twisted's names
        self.pause()

    def resumeProducing(self) -> None:  # noqa: N802
        self.resume()

    def stopProducing(self) -> None:  # noqa: N802
        self.leave()

    def _write(self, frame: PreparedMessage) -> None:
        if self._protocol.state == WebSocketProtocol.STATE_OPEN:
            self._protocol.sendPreparedMessage(frame)

    def cut(self) -> None:
        self._protocol.transport.abortConnection()


class AsgiLine(Line):
    """Of any other server: while one frame is being sent, the client does not read."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._application = asyncio.current_task()
        self._sending: asyncio.Task[None] | None = None

    def _write(self, frame: PreparedMessage) -> None:
        self._sending = asyncio.get_running_loop().create_task(self._sent(frame))
        self.pause()

    async def _sent(self, frame: PreparedMessage) -> None:
        try:
            await self._send({"type": "websocket.send", "text": frame.payload.decode()})
        except OSError:
            self.leave()
        self.resume()

    def cut(self) -> None:
        for task in (self._sending, self._application):
            if task is not None:
                task.cancel()


def with_line(application: Asgi) -> Asgi:
    """Around an ASGI application of sockets: `scope["line"]` is the way to the client."""

    async def lined(scope: dict[str, Any], receive: Any, send: Send) -> None:
        await application({**scope, "line": _line_of(send)}, receive, send)

    return lined


def _line_of(send: Send) -> Line:
    # Daphne's `send` is its server's method, bound to the connection.
    bound = send.args if isinstance(send, partial) else ()
    if bound and isinstance(bound[0], WebSocketProtocol):
        return DaphneLine(bound[0])
    return AsgiLine(send)
