"""How quick the desk stays while somebody floods the web chat."""

import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.figures import Figure, timed
from agentdesk.ops.bench.place import Place, Scale
from agentdesk.ops.bench.visitors import Crowd

_LIST = "/desk/inquiries/?view=all"
_MESSAGES = 100  # a second, by one visitor
_NEW_IDS = 170  # a second, from one address: ten thousand a minute
_SOCKETS = 1000  # from one address
_MOST_SECONDS = 60


def measure_flood(
    place: Place, scale: Scale, agent: Browser, inbox_key: str
) -> list[Figure]:
    looks = range(scale.looks)
    quiet = [agent.get(_LIST, is_fragment=True).server for _look in looks]
    flood = _Flood(place.port, inbox_key)
    with flood:
        looked = [agent.get(_LIST, is_fragment=True) for _look in looks]
    median = sorted(quiet)[len(quiet) // 2]
    return [
        timed(
            "inbox list during a flood",
            f"desk:inquiries, while the chat answered {flood.summary()}; the floor is the "
            "median without it",
            [answer.server for answer in looked],
            cpu=[answer.cpu for answer in looked],
            floor=median,
            failures=sum(answer.status != 200 for answer in looked),
        )
    ]


class _Flood:
    """One visitor who types a hundred lines a second, and one address that asks for
    ten thousand visitors a minute and opens a thousand sockets.
    """

    def __init__(self, port: int, inbox_key: str) -> None:
        self._port, self._key = port, inbox_key
        self._is_over = Event()
        self._lock = Lock()
        self._answers: Counter[str] = Counter()
        self._sockets: list[ClientConnection] = []

    def __enter__(self) -> None:
        crowd = Crowd(self._port, self._key)
        crowd.gather(1)
        new = Browser(self._port, address="198.51.100.7")
        self._threads = ThreadPoolExecutor(3)
        self._threads.submit(
            self._steadily,
            _MESSAGES,
            lambda: f"messages {crowd.say(crowd.visitors[0], uuid.uuid4()).status}",
        )
        self._threads.submit(
            self._steadily,
            _NEW_IDS,
            lambda: (
                f"new ids {new.post_json(f'/chat/{self._key}/session/', {}).status}"
            ),
        )
        self._threads.submit(self._knock)

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._threads.shutdown(wait=True)
        for socket in self._sockets:
            socket.close()

    def summary(self) -> str:
        return ", ".join(f"{n} × {what}" for what, n in sorted(self._answers.items()))

    def _note(self, what: str) -> None:
        with self._lock:
            self._answers[what] += 1

    def _steadily(self, rate: int, ask: Callable[[], str]) -> None:
        began = time.perf_counter()
        number = 0
        while not self._is_over.is_set() and number < rate * _MOST_SECONDS:
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            self._note(ask())
            number += 1

    def _knock(self) -> None:
        for _number in range(_SOCKETS):
            if self._is_over.is_set():
                return
            try:
                socket = connect(
                    f"ws://127.0.0.1:{self._port}/ws/chat/{self._key}/",
                    additional_headers={"X-Forwarded-For": "198.51.100.8"},
                    open_timeout=10,
                )
            except (WebSocketException, OSError, TimeoutError):
                self._note("sockets refused")
            else:
                self._sockets.append(socket)
                self._note("sockets opened")
