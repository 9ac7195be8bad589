"""`manage.py up` from outside: as a process, with signals, on a folder of its own."""

import errno
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from agentdesk.ops.launcher import preflight
from agentdesk.ops.launcher.servers import leftovers
from agentdesk.ops.launcher.servers.child import MARK
from agentdesk.ops.launcher.servers.errors import StartError
from tests.waiting import until

# A few seconds each on an idle machine; a busy one is no fault of theirs.
pytestmark = pytest.mark.timeout(600)
READY = "Ctrl-C stops it."


class Up:
    """One `manage.py up`, and what it has said so far."""

    def __init__(
        self, var: Path, *arguments: str, port: int, addresses: dict[str, str]
    ) -> None:
        self.var = var
        self.port = port
        self.log = var.with_suffix(f".{time.monotonic_ns()}.log")
        own = {"DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_WORKER"}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", *arguments, "--port", str(port)],
                cwd=settings.BASE_DIR,
                env={k: v for k, v in os.environ.items() if k not in own}
                # The tests' settings copy static files without compressing them.
                | {
                    "AGENTDESK_VAR": str(var),
                    "DJANGO_SETTINGS_MODULE": "tests.settings",
                }
                | addresses,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, *, seconds: float = 200) -> None:
        until(lambda: text in self.said() or self.ended(), seconds, self.said)
        assert text in self.said()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        # Ten seconds on a machine of its own; the tests share theirs.
        return self.process.wait(timeout=30)

    def code(self) -> int:
        return self.process.wait(timeout=60)


def processes_of(var: Path) -> list[psutil.Process]:
    return [
        *leftovers.marked(MARK, str(var)),
        *leftovers.running_in(var / "pg/data"),
        *leftovers.running_in(var / "valkey"),
    ]


def workers_of(var: Path) -> list[psutil.Process]:
    return [
        child
        for child in leftovers.marked(MARK, str(var))
        if "worker" in child.cmdline()
    ]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_whole(port: int) -> bool:
    """Worker, sender, beat and mail have begun to work as well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False


@pytest.fixture
def up(port) -> Iterator[Callable[..., Up]]:
    """Start one; whatever a test leaves running is ended after it."""
    folder = Path(tempfile.mkdtemp(prefix="au"))
    folder.chmod(0o755)
    started: list[Up] = []

    def start(*arguments: str, **addresses: str) -> Up:
        started.append(Up(folder / "var", *arguments, port=port, addresses=addresses))
        return started[-1]

    yield start
    for one in started:
        if not one.ended():
            one.process.kill()
            one.process.wait()
    leftovers.end(processes_of(folder / "var"), polite=signal.SIGQUIT)
    shutil.rmtree(folder)


def test_up_serves_and_starts_again_what_dies_and_is_there_once(up):
    desk = up("--no-demo")
    desk.wait_for(READY)
    until(lambda: is_whole(desk.port), 60, desk.said)
    assert "Set it up with this link" in desk.said()

    second = up("--no-demo")
    assert second.code() == 1
    assert "already runs" in second.said()

    until(lambda: workers_of(desk.var), 60, desk.said)
    for worker in workers_of(desk.var):
        worker.kill()
    desk.wait_for("worker 1 ended with -9; starting it again")

    # Killed, it takes its children along, and the next start finds the same data.
    desk.process.kill()
    desk.process.wait()
    until(lambda: not processes_of(desk.var), 15)
    again = up("--no-demo")
    again.wait_for(READY)
    assert "Bringing the database up to date" not in again.said()
    assert again.stop() == 0
    assert not processes_of(desk.var)


def test_two_signals_during_the_start_stop_it_at_once(up):
    desk = up("--no-demo")
    desk.wait_for("Bringing the database")
    desk.process.send_signal(signal.SIGINT)
    assert desk.stop(signal.SIGTERM) == 0
    assert not processes_of(desk.var)


def test_a_taken_port_is_said_in_one_sentence(up, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        desk = up("--no-demo")
        assert desk.code() == 1
    assert desk.said().startswith(f"Port {port} is taken")
    assert len(desk.said().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "address", "sentence"),
    [
        ("DATABASE_URL", "postgresql://a:b@127.0.0.1:1/x", "Connection refused"),
        ("DATABASE_URL", "postgresql://a:b@127.0.0.1:port/x", "is no address"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "Connection refused"),
        ("REDIS_URL", "http://127.0.0.1/", "must specify one of"),
    ],
)
def test_a_server_that_does_not_answer_is_said_in_one_sentence(
    up, name, address, sentence
):
    desk = up("--no-demo", **{name: address})
    assert desk.code() == 1
    assert name in desk.said()
    assert sentence in desk.said()
    assert len(desk.said().splitlines()) == 1


def test_the_demo_does_not_listen_to_the_world(up):
    desk = up("--bind", "0.0.0.0")
    assert desk.code() == 1
    assert "127.0.0.1 alone" in desk.said()
    assert len(desk.said().splitlines()) == 1


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    keys = {"SECRET_KEY", "CREDENTIAL_KEY"}
    done = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=settings.BASE_DIR,
        env={k: v for k, v in os.environ.items() if k not in keys}
        | {
            "AGENTDESK_VAR": str(tmp_path / "file/var"),
            "DJANGO_SETTINGS_MODULE": "agentdesk.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "set AGENTDESK_VAR" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_is_said_in_one_sentence(tmp_path, monkeypatch):
    assert "The disk is full" in preflight.sentence(
        OSError(errno.ENOSPC, "No space left on device"), tmp_path
    )
    monkeypatch.setattr(preflight, "NEEDED_BYTES", 2**60)
    with pytest.raises(StartError, match="The disk is full"):
        preflight.check_space(tmp_path)


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        runpy.run_path(str(settings.BASE_DIR / "manage.py"), run_name="__main__")
