"""The product for Daphne, with an address that answers once nothing is worked on."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started

from agentdesk.asgi import application as product
from tests.browser import AT_REST

Frames = Callable[..., Awaitable[Any]]


class Work:
    """What has begun and has not ended, in the loop and in the threads of the views.

    A browser that goes away ends the first, not the second.
    """

    def __init__(self) -> None:
        self._running = 0
        self._lock = threading.Lock()
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **_signal: Any) -> None:
        with self._lock:
            self._running += 1

    def end(self, **_signal: Any) -> None:
        with self._lock:
            self._running -= 1

    @contextmanager
    def one(self) -> Iterator[None]:
        self.begin()
        try:
            yield
        finally:
            self.end()

    async def over(self) -> None:
        while self._running:
            await asyncio.sleep(0.005)


work = Work()


async def application(scope: dict[str, Any], receive: Frames, send: Frames) -> None:
    if scope.get("path") != AT_REST:
        with work.one():
            await product(scope, receive, send)
        return
    await work.over()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
