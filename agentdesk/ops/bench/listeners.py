"""A thousand sockets in one thread, that count the signals they get and nothing else."""

import json
import selectors
import socket
import struct
import time
from collections.abc import Sequence

from agentdesk.ops.bench.browser import Browser, UnexpectedAnswerError

_HANDSHAKE = (
    "GET /ws/desk/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n"
    "Cookie: {cookies}\r\n\r\n"
)
_TEXT, _PING, _PONG = 1, 9, 10
_AT_ONCE = 20  # are opened together
_PATIENCE = 60.0


def _frame(opcode: int, payload: bytes) -> bytes:
    """As a client sends it, under a mask of zeros."""
    length = len(payload)
    head = bytes([0x80 | opcode])
    if length < 126:
        return head + bytes([0x80 | length]) + bytes(4) + payload
    return head + bytes([0x80 | 126]) + struct.pack("!H", length) + bytes(4) + payload


class Listener:
    """One socket, from its handshake on."""

    def __init__(self, browser: Browser) -> None:
        self.socket = socket.create_connection(("127.0.0.1", browser.port), _PATIENCE)
        cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
        request = _HANDSHAKE.format(port=browser.port, cookies=cookies)
        self.socket.sendall(request.encode())
        self._unread = b""

    def begin(self) -> None:
        while b"\r\n\r\n" not in self._unread:
            self._unread += self.socket.recv(65536)
        answer, _end, self._unread = self._unread.partition(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            raise UnexpectedAnswerError(f"The socket answers {answer[:60]!r}.")

    def watch(self, topics: Sequence[str]) -> None:
        frame = json.dumps({"do": "watch", "topics": topics}).encode()
        self.socket.sendall(_frame(_TEXT, frame))

    def expect(self, topics: Sequence[str]) -> None:
        """It watches all of them."""
        while True:
            for payload in self._payloads(self.socket.recv(65536)):
                content = json.loads(payload)
                if isinstance(content, dict) and content["kind"] == "watching":
                    if set(content["topics"]) != set(topics):
                        raise UnexpectedAnswerError("Not all topics are watched.")
                    return

    def signals(self) -> int:
        """How many there are in what has come."""
        received = self.socket.recv(262_144)
        if not received:
            raise UnexpectedAnswerError("A socket was closed.")
        return sum(payload.count(b'"ids"') for payload in self._payloads(received))

    def _payloads(self, received: bytes) -> list[bytes]:
        data, at, found = self._unread + received, 0, []
        while len(data) - at >= 2:
            length, start = data[at + 1], at + 2
            if length >= 126:
                size = 2 if length == 126 else 8
                length = int.from_bytes(data[start : start + size])
                start += size
            if len(data) < start + length:
                break
            payload = data[start : start + length]
            if data[at] & 15 == _PING:
                self.socket.sendall(_frame(_PONG, payload))
            elif data[at] & 15 == _TEXT:
                found.append(payload)
            at = start + length
        self._unread = data[at:]
        return found


class Listeners:
    """All of them, by one selector."""

    def __init__(self, browser: Browser, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._all: list[Listener] = []
        for _start in range(0, count, _AT_ONCE):
            opened = [Listener(browser) for _one in range(_AT_ONCE)]
            for listener in opened:
                listener.begin()
                self._selector.register(listener.socket, selectors.EVENT_READ, listener)
            self._all += opened
            self.count(0.0)

    def watch(self, topics: Sequence[Sequence[str]]) -> None:
        """Each those of its place in the list."""
        pairs = list(zip(self._all, topics, strict=True))
        for start in range(0, len(pairs), _AT_ONCE):
            together = pairs[start : start + _AT_ONCE]
            for listener, wanted in together:
                listener.watch(wanted)
            for listener, wanted in together:
                listener.expect(wanted)
            self.count(0.0)

    def count(self, seconds: float, enough: int = 0) -> tuple[int, float]:
        """Signals that came in that time, or until there are enough; when the last did."""
        began, found, last = time.perf_counter(), 0, 0.0
        while True:
            passed = time.perf_counter() - began
            for key, _events in self._selector.select(max(0.0, seconds - passed)):
                found += key.data.signals()
                last = time.perf_counter() - began
            if passed >= seconds or (enough and found >= enough):
                return found, last

    def close(self) -> None:
        for listener in self._all:
            listener.socket.close()
        self._selector.close()
