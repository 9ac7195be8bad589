"""Reading what a mail server says, for as long as we have patience."""

import io
import socket
import time
from typing import Any

MOST_BYTES = 1024 * 1024  # of what a server says while we hand it one mail


class Patience(io.RawIOBase):
    """A socket to be read until `ends_at` (time.monotonic): then it is an OSError."""

    def __init__(self, sock: socket.socket, *, ends_at: float) -> None:
        super().__init__()
        self._socket, self._ends_at, self._left = sock, ends_at, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        remaining = self._ends_at - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the server takes too long")
        usual = self._socket.gettimeout()
        self._socket.settimeout(remaining if usual is None else min(usual, remaining))
        try:
            got = self._socket.recv_into(buffer)
        finally:
            self._socket.settimeout(usual)
        self._left -= got
        if self._left < 0:
            raise OSError("the server says too much")
        return got
