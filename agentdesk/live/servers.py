"""The ways to the clients of Daphne, and of any other ASGI server."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from autobahn.websocket.protocol import PreparedMessage
from daphne.ws_protocol import WebSocketProtocol

from agentdesk.live.hub import hub
from agentdesk.live.listener import Listener

Asgi = Callable[..., Awaitable[None]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class DaphneListener(Listener):
    """Writes to the connection itself: no task and no message for each signal.

    Twisted pauses it while 64 KiB wait unread in this process.
    """

    __slots__ = ("_protocol",)

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
            self._protocol.transport.write(frame.payloadHybi)

    def cut(self) -> None:
        self._protocol.transport.abortConnection()


class AsgiListener(Listener):
    """Of any other server: while one frame is being sent, the client does not read."""

    __slots__ = ("_application", "_send", "_sending")

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
    """Around an ASGI application of sockets: `scope["listener"]` is the way to the client."""

    async def lined(scope: dict[str, Any], receive: Any, send: Send) -> None:
        scope["listener"] = listener = _listener_of(send)
        try:
            await application(scope, receive, send)
        finally:
            hub.forget(listener)

    return lined


def _listener_of(send: Send) -> Listener:
    # Daphne's `send` is its server's method, bound to the connection.
    bound = send.args if isinstance(send, partial) else ()
    if bound and isinstance(bound[0], WebSocketProtocol):
        return DaphneListener(bound[0])
    return AsgiListener(send)
