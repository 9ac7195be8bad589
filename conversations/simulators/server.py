"""The HTTP server of the simulators, one thread a request, on loopback alone."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.db import close_old_connections

from conversations.adapters.simulation.base import Simulator
from conversations.adapters.simulation.wire import Answer, Request
from conversations.simulators.page import index_page, static_file, write_page

_LARGEST = 256 * 1024 * 1024


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    simulators: Mapping[str, Simulator] = {}

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, _LARGEST))
        address = urlsplit(self.path)
        channel, _slash, path = address.path.lstrip("/").partition("/")
        request = Request(
            self.command,
            f"/{path}",
            dict(parse_qsl(address.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        try:
            self._send(self._answer(channel, request))
        finally:
            close_old_connections()

    def _answer(self, channel: str, request: Request) -> Answer:
        simulator = self.simulators.get(channel)
        if channel == "_static":
            return static_file(request.path.lstrip("/"))
        if simulator is None:
            return index_page(self.simulators, request.query)
        if request.path == "/" and request.method == "GET":
            return write_page(simulator, request.query)
        return simulator.answer(request)

    def _send(self, answer: Answer) -> None:
        if answer.is_cut:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815  # their names

    def log_message(self, format: str, *args: Any) -> None:  # its name
        """Quiet: the page shows what was said."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was left before its answer came is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def make_server(
    simulators: Mapping[str, Simulator], *, port: int = 0
) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"simulators": simulators})
    return _Server(("127.0.0.1", port), handler)


@contextmanager
def served(simulators: Mapping[str, Simulator], *, port: int = 0) -> Iterator[str]:
    """Its address, while it runs in a thread of this process."""
    server = make_server(simulators, port=port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
