"""A server that says what no honest one does, and goes on for as long as one listens."""

import threading
import time
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Self


class HostileServer(ThreadingTCPServer):
    """`answer` to whatever is asked, then `drip` again and again, `pause` s apart."""

    allow_reuse_address = True
    daemon_threads = True
    speaks_first = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.drip, self.pause = b"", b"", 0.0
        self.port = self.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseRequestHandler):
    server: HostileServer

    def handle(self) -> None:
        if not self.server.speaks_first:
            self.request.recv(65536)
        with suppress(OSError):
            self.request.sendall(self.server.answer)
            while self.server.drip:
                self.request.sendall(self.server.drip)
                time.sleep(self.server.pause)
