"""A disk that is full for the web processes: a limit on the size of their files."""

import resource
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from agentdesk.ops.bench.visitors import Crowd, Visitor
from agentdesk.ops.faults.scene import Outcome, Scene

_ROOM = 16 * 1024
_FULL = 507
# Small enough for the server to hold it in memory until all of it has come.
_FILE = b"%PDF-1.4\n" + b"0" * (4 * _ROOM)


def disk_full(scene: Scene) -> list[Outcome]:
    scene.say("Fault: disk full …")
    key, conversation = scene.chat_key(), scene.conversation()
    crowd = Crowd(scene.place.port, key)
    crowd.gather(1)
    with _no_room(scene):
        statuses = {
            "photo in the chat": _send_file(scene, key, crowd.visitors[0]),
            "file of a reply": _attach(scene, conversation),
            "text in the chat": crowd.say(crowd.visitors[0], uuid.uuid4()).status,
        }
        events = scene.events(5)
        statuses["webhook"] = scene.provider.post(events).status
    half = len(_remains(scene))
    statuses["photo, with room again"] = _send_file(scene, key, crowd.visitors[0])
    found = scene.wait(lambda: scene.arrived(events), len(events), seconds=30)
    wanted = [_FULL, _FULL, 201, 200, 201]
    text = ", ".join(f"{name} {status}" for name, status in statuses.items())
    text += f"; {half} files half-written, {found} of {len(events)} events are messages"
    is_good = list(statuses.values()) == wanted and not half and found == len(events)
    return [Outcome("disk full", text, is_good)]


@contextmanager
def _no_room(scene: Scene) -> Iterator[None]:
    """Root and others alike may lower, and lift again, the soft limit of their own."""
    limits = {}
    for process in scene.trial.part("web"):
        limits[process.pid] = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        _, hard = limits[process.pid]
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_ROOM, hard))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            if psutil.pid_exists(pid):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def _remains(scene: Scene) -> list[Path]:
    """What was stored of our file though it was refused; others store theirs meanwhile."""
    files = (one for one in (scene.trial.var / "files").rglob("*") if one.is_file())
    return [one for one in files if _FILE.startswith(one.read_bytes()[:_ROOM])]


def _send_file(scene: Scene, key: str, visitor: Visitor) -> int:
    headers = {"Authorization": f"Visitor {visitor.token}"}
    path = f"/chat/{key}/files/"
    return _post(scene, path, {"client_id": str(uuid.uuid4())}, headers)


def _attach(scene: Scene, conversation: int) -> int:
    headers = {
        "X-CSRFToken": scene.agent.cookie("csrf"),
        "Origin": f"http://127.0.0.1:{scene.agent.port}",
    }
    path = f"/conversations/{conversation}/files/"
    return _post(scene, path, {"kind": "reply"}, headers)


def _post(
    scene: Scene, path: str, fields: dict[str, str], headers: dict[str, str]
) -> int:
    """A form with a file in it, as a browser sends it."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n{_FILE.decode()}'
    )
    body = "\r\n".join([*parts, f"--{boundary}--", ""])
    kind = f"multipart/form-data; boundary={boundary}"
    return scene.agent.send(
        "POST", path, body, {**headers, "Content-Type": kind}
    ).status
