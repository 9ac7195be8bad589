"""A Valkey that is frozen, not dead: it takes connections and never answers."""

import json
import signal
import time
import uuid
from collections.abc import Callable

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from agentdesk.bench.browser import Browser
from agentdesk.bench.faults.scene import Outcome, Scene
from agentdesk.bench.provider import Event
from agentdesk.bench.visitors import Crowd
from agentdesk.demo import sign_ins

_FROZEN_SECONDS = 15.0
_LONGEST = 2.0  # seconds: LINE waits no longer
_EVENTS = 40
_BACK_SECONDS = 10.0


def frozen(scene: Scene) -> list[Outcome]:
    scene.say("Fault: Valkey frozen …")
    conversation = scene.conversation()
    visitors = Crowd(scene.place.port, scene.chat_key())
    visitors.gather(1)
    socket = _listen(scene, conversation)
    events = scene.events(_EVENTS, people=20)
    reply = f"返信その{next(scene.replies)}です。"
    scene.trial.send("valkey", signal.SIGSTOP)
    began = time.monotonic()
    try:
        waited = {
            "webhook": _longest(
                lambda n: scene.provider.post([events[n]]).status == 200, _EVENTS
            ),
            "chat": _longest(
                lambda _n: (
                    visitors.say(visitors.visitors[0], uuid.uuid4()).status == 201
                ),
                5,
            ),
            "page": _longest(lambda _n: scene.agent.get("/desk/").status == 200, 5),
            "sign-in": _longest(lambda _n: _sign_in(scene), 3),
            "reply": _longest(lambda _n: _replied(scene, conversation, reply), 1),
        }
        time.sleep(max(0.0, began + _FROZEN_SECONDS - time.monotonic()))
    finally:
        scene.trial.send("valkey", signal.SIGCONT)
    return [
        _served(waited, time.monotonic() - began),
        _thawed(scene, events, reply, socket, conversation),
    ]


def _longest(act: Callable[[int], bool], times: int) -> float:
    """Seconds; infinite where one was not answered as it should be."""
    longest = 0.0
    for number in range(times):
        began = time.monotonic()
        try:
            is_good = act(number)
        except OSError:
            is_good = False
        longest = max(longest, time.monotonic() - began if is_good else float("inf"))
    return longest


def _served(waited: dict[str, float], seconds: float) -> Outcome:
    told = ", ".join(f"{name} {longest:.2f}" for name, longest in waited.items())
    text = f"for {seconds:.0f} s; the longest answers in s: {told}"
    return Outcome("Valkey frozen", text, max(waited.values()) <= _LONGEST)


def _thawed(
    scene: Scene,
    events: list[Event],
    reply: str,
    socket: ClientConnection,
    conversation: int,
) -> Outcome:
    began = time.monotonic()
    found = scene.wait(
        lambda: scene.arrived(events), len(events), seconds=6 * _BACK_SECONDS
    )
    arrived = time.monotonic() - began
    scene.wait(
        lambda: int(scene.states_of([reply]) == ["sent"]), 1, seconds=6 * _BACK_SECONDS
    )
    sent = time.monotonic() - began
    is_live = _hears(scene, socket, conversation)
    text = (
        f"{found} of {len(events)} events were messages after {arrived:.1f} s, the reply "
        f"had left after {sent:.1f} s; sockets are {'live' if is_live else 'dead'}"
    )
    is_soon = max(arrived, sent) <= _BACK_SECONDS
    return Outcome("… and thawed", text, found == len(events) and is_soon and is_live)


def _sign_in(scene: Scene) -> bool:
    _role, email, password = sign_ins()[0]
    other = Browser(scene.place.port)
    other.sign_in(email, password)
    other.close()
    return True


def _replied(scene: Scene, conversation: int, text: str) -> bool:
    fields = {"kind": "reply", "body": text, "client_id": str(uuid.uuid4())}
    path = f"/conversations/{conversation}/compose/"
    return scene.post_form(path, fields).status == 201


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


def _hears(scene: Scene, socket: ClientConnection, conversation: int) -> bool:
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
        if frame["kind"] == "message_added":
            return True
    return False
