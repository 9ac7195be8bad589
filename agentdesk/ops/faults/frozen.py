"""A Valkey that is frozen, not dead: it takes connections and never answers."""

import json
import signal
import time
import uuid
from collections.abc import Callable

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from agentdesk.ops.bench.browser import Browser
from agentdesk.ops.bench.provider import Event
from agentdesk.ops.bench.visitors import Crowd
from agentdesk.ops.demo import sign_ins
from agentdesk.ops.faults.scene import Outcome, Scene

_FROZEN_SECONDS = 15.0
_LONGEST = 2.0  # seconds: LINE waits no longer
_BACK_SECONDS = 10.0


def frozen(scene: Scene) -> list[Outcome]:
    scene.say("Fault: Valkey frozen …")
    requests = _Requests(scene)
    socket = _listen(scene, requests.conversation)
    before = requests.longest(2)
    requests.posted.clear()
    requests.replies.clear()
    scene.trial.send("valkey", signal.SIGSTOP)
    began = time.monotonic()
    try:
        during = requests.longest(5)
        time.sleep(max(0.0, began + _FROZEN_SECONDS - time.monotonic()))
    finally:
        scene.trial.send("valkey", signal.SIGCONT)
    return [
        _served(before, during, time.monotonic() - began),
        _thawed(requests, socket),
    ]


class _Requests:
    """What must go on, one after the other, and how long it took."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.conversation = scene.conversation()
        self.visitors = Crowd(scene.place.port, scene.chat_key())
        self.visitors.gather(1)
        self.posted: list[Event] = []
        self.replies: list[str] = []

    def longest(self, times: int) -> dict[str, float]:
        return {
            "webhook": _longest(self._webhook, 4 * times),
            "chat": _longest(self._chat, times),
            "page": _longest(self._page, times),
            "sign-in": _longest(self._sign_in, times),
            "reply": _longest(self._reply, times),
        }

    def _webhook(self) -> bool:
        [event] = self.scene.events(1)
        self.posted.append(event)
        return self.scene.provider.post([event]).status == 200

    def _chat(self) -> bool:
        [visitor] = self.visitors.visitors
        return self.visitors.say(visitor, uuid.uuid4()).status == 201

    def _page(self) -> bool:
        return self.scene.agent.get("/desk/").status == 200

    def _sign_in(self) -> bool:
        _role, email, password = sign_ins()[0]
        other = Browser(self.scene.place.port)
        other.sign_in(email, password)
        other.close()
        return True

    def _reply(self) -> bool:
        text = f"返信その{next(self.scene.replies)}です。"
        self.replies.append(text)
        fields = {"kind": "reply", "body": text, "client_id": str(uuid.uuid4())}
        path = f"/conversations/{self.conversation}/compose/"
        return self.scene.post_form(path, fields).status == 201


def _longest(act: Callable[[], bool], times: int) -> float:
    """Seconds; infinite where one was not answered as it should be."""
    longest = 0.0
    for _time in range(times):
        began = time.monotonic()
        try:
            is_good = act()
        except OSError:
            is_good = False
        longest = max(longest, time.monotonic() - began if is_good else float("inf"))
    return longest


def _served(
    before: dict[str, float], during: dict[str, float], seconds: float
) -> Outcome:
    several = [f"{name} {during[name]:.2f} ({before[name]:.2f})" for name in during]
    text = f"for {seconds:.0f} s; the longest answers in s, and before it: "
    is_good = all(
        during[name] <= max(_LONGEST, 2 * before[name] + 1) for name in during
    )
    return Outcome("Valkey frozen", text + ", ".join(several), is_good)


def _thawed(requests: _Requests, socket: ClientConnection) -> Outcome:
    scene, events, began = requests.scene, requests.posted, time.monotonic()
    patience = 6 * _BACK_SECONDS
    found = scene.wait(lambda: scene.arrived(events), len(events), seconds=patience)
    arrived = time.monotonic() - began
    left = scene.wait(
        lambda: scene.states_of(requests.replies).count("sent"),
        len(requests.replies),
        seconds=patience,
    )
    sent = time.monotonic() - began
    is_live = _is_signalled(scene, socket, requests.conversation)
    text = (
        f"{found} of {len(events)} events were messages after {arrived:.1f} s, {left} of "
        f"{len(requests.replies)} replies had left after {sent:.1f} s; sockets are "
        f"{'live' if is_live else 'dead'}"
    )
    is_soon = max(arrived, sent) <= _BACK_SECONDS
    return Outcome("… and thawed", text, found == len(events) and is_soon and is_live)


def _listen(scene: Scene, conversation: int) -> ClientConnection:
    cookies = "; ".join(f"{k}={v}" for k, v in scene.agent.cookies.items())
    socket = connect(
        f"ws://127.0.0.1:{scene.agent.port}/ws/desk/",
        additional_headers={"Cookie": cookies},
        origin=Origin(f"http://127.0.0.1:{scene.agent.port}"),
        open_timeout=30,
    )
    socket.send(json.dumps({"do": "watch", "topics": [f"conversation:{conversation}"]}))
    return socket


def _is_signalled(scene: Scene, socket: ClientConnection, conversation: int) -> bool:
    """A signal comes: by the socket that was open, or by one that a page opens anew."""
    for attempt in range(3):
        note = {
            "kind": "note",
            "body": f"覚え {attempt}",
            "client_id": str(uuid.uuid4()),
        }
        scene.post_form(f"/conversations/{conversation}/compose/", note)
        if _has_signal(socket):
            return True
        socket = _listen(scene, conversation)
    return False


def _has_signal(socket: ClientConnection) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            frame = json.loads(socket.recv(timeout=1))
        except TimeoutError:
            continue
        except WebSocketException:
            return False
        several = frame if isinstance(frame, list) else [frame]
        if any(signal["kind"] == "message_added" for signal in several):
            return True
    return False
