"""Answering HTTP: one request, one thread of a fixed pool, from first line to last."""

import asyncio
import contextvars
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils.module_loading import import_string

from agentdesk.disk import STATUS_FULL, full_text, is_full

Frame = Mapping[str, Any]
Receive = Callable[[], Awaitable[Frame]]
GetResponse = Callable[[HttpRequest], HttpResponseBase]
Send = Callable[[Frame], Awaitable[None]]


class ThreadedHandler(ASGIHandler):
    """Django's handler for views that are all synchronous.

    Django's own starts a thread for every request and changes between it and the loop
    twice for every middleware, which is half of what a small request costs. Here the
    whole chain runs in one thread, whose database connection is back in its pool before
    the answer leaves. The threads also bound how much is worked on at once.
    """

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        self._page_chain: GetResponse = self._middleware_chain  # type: ignore[has-type]  # Django's own, as the next lines
        self._middleware_chain = self._respond
        self._machine_chain = self._chain(settings.MACHINE_MIDDLEWARE)
        self._is_machine = re.compile(settings.MACHINE_PATHS).match
        self._threads = ThreadPoolExecutor(settings.WEB_THREADS, "web")

    def _chain(self, names: Sequence[str]) -> GetResponse:
        """As Django builds its own, of others: nothing in it looks at views."""
        handler: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(names):
            handler = convert_exception_to_response(import_string(name)(handler))
        return cast(GetResponse, handler)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        if self._is_machine(request.path_info):
            return self._machine_chain(request)
        return self._page_chain(request)

    async def __call__(
        self, scope: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        except OSError as error:  # a long body waits in a file
            if not is_full(error):
                raise
            await self.send_response(
                HttpResponse(full_text(), status=STATUS_FULL), send
            )
            return
        loop = asyncio.get_running_loop()

        def send_from_thread(frame: Frame) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, frame), loop).result()

        with body:
            response = await loop.run_in_executor(
                self._threads,
                contextvars.copy_context().run,
                self._answer,
                scope,
                body,
                send_from_thread,
            )
        if not response.streaming:
            await self.send_response(response, send)

    def _answer(
        self, scope: dict[str, Any], body: IO[bytes], send: Callable[[Frame], None]
    ) -> HttpResponseBase:
        """The finished answer; a streaming one is sent already."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = refusal if request is None else self.get_response(request)
        assert response is not None
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # private
        try:
            if isinstance(response, StreamingHttpResponse):
                self._stream(response, send)
        finally:
            response.close()
        return response

    def _stream(
        self, response: StreamingHttpResponse, send: Callable[[Frame], None]
    ) -> None:
        """Piece by piece, as they are made: a long file or export is never in memory."""
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        headers = [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in response.items()
        ]
        for cookie in response.cookies.values():
            headers.append((b"Set-Cookie", cookie.output(header="").strip().encode()))
        start = {"type": "http.response.start", "headers": headers}
        send({**start, "status": response.status_code})
        for piece in response:
            send({"type": "http.response.body", "body": piece, "more_body": True})
        send({"type": "http.response.body"})


async def _sent(send: Send, frame: Frame) -> None:
    await send(frame)
