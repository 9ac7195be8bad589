"""Agents' screens that listen: a socket each, and the fragment a signal makes them fetch."""

import json
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from agentdesk.ops.bench.browser import Browser, UnexpectedAnswerError

_TOPICS_A_SOCKET = 10
_FETCHERS = 8
_MESSAGE = re.compile(r'id="message-(\d+)"')


class Screens:
    """Notes when the signal of each message came, and when its fragment was there."""

    def __init__(self, agent: Browser, conversations: Sequence[int]) -> None:
        self._agent = agent
        self._sockets: list[ClientConnection] = []
        self._threads: list[Thread] = []
        self._lock = Lock()
        self._idle: SimpleQueue[Browser] = SimpleQueue()
        self._fetchers = ThreadPoolExecutor(_FETCHERS)
        self._is_over = Event()
        self.signalled: dict[int, float] = {}
        self.shown: dict[int, float] = {}
        for _index in range(_FETCHERS):
            browser = Browser(agent.port)
            browser.cookies = dict(agent.cookies)
            self._idle.put(browser)
        for start in range(0, len(conversations), _TOPICS_A_SOCKET):
            self._listen(conversations[start : start + _TOPICS_A_SOCKET])

    def _listen(self, conversations: Sequence[int]) -> None:
        cookies = "; ".join(f"{k}={v}" for k, v in self._agent.cookies.items())
        socket = connect(
            f"ws://127.0.0.1:{self._agent.port}/ws/desk/",
            additional_headers={"Cookie": cookies},
            origin=Origin(f"http://127.0.0.1:{self._agent.port}"),
        )
        topics = [f"conversation:{pk}" for pk in conversations]
        socket.send(json.dumps({"do": "watch", "topics": topics}))
        watching = json.loads(socket.recv(timeout=20))
        if len(watching.get("topics", [])) != len(topics):
            raise UnexpectedAnswerError("The desk's socket does not watch all topics.")
        self._sockets.append(socket)
        thread = Thread(target=self._read, args=[socket], daemon=True)
        thread.start()
        self._threads.append(thread)

    def _read(self, socket: ClientConnection) -> None:
        try:
            for frame in socket:
                now = time.perf_counter()
                content = json.loads(frame)
                for signal in content if isinstance(content, list) else [content]:
                    if signal["kind"] == "message_added":
                        self._signalled(signal, now)
        except ConnectionClosed:
            self._is_over.set()

    def _signalled(self, signal: dict[str, Any], now: float) -> None:
        message = int(signal["ids"]["message"])
        with self._lock:
            is_new = message not in self.signalled
            self.signalled.setdefault(message, now)
        if is_new:
            self._fetchers.submit(self._fetch, str(signal["topic"]), message)

    def _fetch(self, topic: str, message: int) -> None:
        """What the page does: the messages after the last one it has."""
        browser = self._idle.get()
        try:
            conversation = topic.partition(":")[2]
            path = f"/conversations/{conversation}/messages/?after={message - 1}"
            answer = browser.get(path, is_fragment=True)
            now = time.perf_counter()
            if answer.status == 200:
                with self._lock:
                    for found in _MESSAGE.findall(answer.body):
                        self.shown.setdefault(int(found), now)
        finally:
            self._idle.put(browser)

    def close(self) -> None:
        for socket in self._sockets:
            socket.close()
        self._fetchers.shutdown(wait=True)
        for thread in self._threads:
            thread.join(timeout=5)
