"""What all simulated providers share: routes, people who write, faults on demand."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

import httpx2
from django.utils.functional import Promise

from agentdesk import http_client as outbound
from conversations.adapters.base import Connection
from conversations.adapters.simulation.wire import Answer, Request

Handler = Callable[..., Answer]
Connections = Callable[[], Sequence[Connection]]


@dataclass
class Line:
    """One message as the customer's own screen shows it."""

    person: str
    is_ours: bool  # the desk has written it
    text: str
    id: str
    at: float = field(default_factory=time.time)
    facts: Mapping[str, Any] = field(default_factory=dict)
    inbox: str = ""  # the key of the inbox it was written to, or by


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next request to the API.

    `cut`: it is taken, and the connection ends without an answer. `seconds`: it takes
    so long. `status` with `retry_after`: it is answered so, and not taken.
    """

    status: int = 0
    retry_after: float | None = None
    seconds: float = 0
    is_cut: bool = False


def route(method: str, pattern: str) -> Callable[[Handler], Handler]:
    """Marks a method that answers `pattern`; its groups are passed by name."""

    def mark(handler: Handler) -> Handler:
        handler.route = (method, re.compile(pattern))  # type: ignore[attr-defined]  # read by Simulator
        return handler

    return mark


class Simulator:
    """One provider. Subclasses mark their API's methods with `route`."""

    channel = ""
    title = ""
    # Of the values that `demo` shows: what it signs with, or need not be the same.
    signs_with: ClassVar[frozenset[str]] = frozenset()
    # It knows an inbox of the demo by the values that were pasted.
    is_strict: ClassVar[bool] = True
    # Names of the buttons on the page, each a method `write_<name>`.
    kinds: Sequence[str] = ("text",)
    # What the buttons say that no other channel has.
    labels: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.lock = threading.RLock()
        self.lines: list[Line] = []
        self.faults: deque[Fault] = deque()
        self.posted: list[tuple[int, bytes]] = []  # status of each event we posted

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        """Settings and secrets of the demo's company of that number (1, 2)."""
        return {}

    # --- the API ---
    def answer(self, request: Request) -> Answer:
        fault = self._next_fault(request)
        if fault is not None:
            time.sleep(fault.seconds)
            if fault.status:
                headers = (
                    {"Retry-After": f"{fault.retry_after:g}"}
                    if fault.retry_after is not None
                    else {}
                )
                return self.refuse(fault.status, "a fault was asked for", headers)
        for handler, match in self._handlers(request):
            answer = handler(request, **match.groupdict())
            return Answer.cut() if fault is not None and fault.is_cut else answer
        return self.refuse(404, f"no such address: {request.path}", {})

    def _next_fault(self, request: Request) -> Fault | None:
        if request.path.startswith("/_"):
            return None
        with self.lock:
            return self.faults.popleft() if self.faults else None

    def _handlers(self, request: Request) -> Iterator[tuple[Handler, re.Match[str]]]:
        for name in dir(type(self)):
            marked = getattr(getattr(type(self), name), "route", None)
            if marked and marked[0] == request.method:
                match = marked[1].fullmatch(request.path)
                if match:
                    yield getattr(self, name), match

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        """An error in the provider's own form."""
        return Answer.json({"message": message}, status=status, headers=headers)

    # --- the customer's side ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        """The headers of an event."""
        raise NotImplementedError

    def write(self, connection: Connection, person: str, kind: str, text: str) -> None:
        """Do what a button of the page says: make the event, and post it."""
        getattr(self, f"write_{kind}")(connection, person, text)

    def post_event(
        self,
        connection: Connection,
        body: bytes,
        *,
        content_type: str = "application/json",
    ) -> int:
        """Post one signed event to the desk; its answer's status, 0 for none."""
        headers = {"Content-Type": content_type, **self.sign(connection, body)}
        try:
            with outbound.client(is_guarded=False) as client:
                response = client.post(
                    connection.public_url, content=body, headers=headers
                )
            status = response.status_code
        except httpx2.HTTPError:
            status = 0
        with self.lock:
            self.posted.append((status, body))
        return status

    def add_line(self, line: Line, at: Connection | None) -> Line:
        line.inbox = at.inbox_key if at else ""
        with self.lock:
            self.lines.append(line)
        return line

    def lines_of(self, person: str, at: Connection | None = None) -> list[Line]:
        """All of them, or what was said at one inbox."""
        with self.lock:
            return [
                line
                for line in self.lines
                if self.is_of(line, person)
                and (at is None or line.inbox in {"", at.inbox_key})
            ]

    def is_of(self, line: Line, person: str) -> bool:
        return line.person == person

    @route("POST", "/_faults")
    def add_fault(self, request: Request) -> Answer:
        """JSON {status, retry_after, seconds, is_cut}: what the next request meets."""
        self.faults.append(Fault(**request.json()))
        return Answer.json({})

    @route("POST", "/_write")
    def write_as_customer(self, request: Request) -> Answer:
        """A form of the page: inbox, person, kind, text."""
        form = {name: one[0] for name, one in parse_qs(request.body.decode()).items()}
        for connection in self.connections():
            if connection.inbox_key == form.get("inbox"):
                person = form.get("person", "")
                kind = form.get("kind", "text")
                if kind in self.kinds:
                    text = form.get("text", "").replace("\r\n", "\n")
                    self.write(connection, person, kind, text)
                    query = urlencode({"person": person, "inbox": form["inbox"]})
                    return Answer.see_other(f"/{self.channel}/?{query}")
        return Answer.json({"message": "no such inbox"}, status=404)
