"""`manage.py up` from outside: what it says, and what it refuses."""

import errno
import os
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from agentdesk.ops.launcher import preflight
from agentdesk.ops.launcher.servers import leftovers
from agentdesk.ops.launcher.servers.child import MARK
from agentdesk.ops.launcher.servers.errors import StartError
from tests.agentdesk.ops.running_desk import READY, is_whole, processes_of
from tests.waiting import until

# A few seconds each on an idle machine; a busy one is no fault of theirs.
pytestmark = pytest.mark.timeout(600)


def workers_of(var: Path) -> list[psutil.Process]:
    return [
        child
        for child in leftovers.marked(MARK, str(var))
        if "worker" in child.cmdline()
    ]


def test_up_serves_and_starts_again_what_dies_and_is_there_once(up):
    desk = up("--no-demo")
    desk.wait_for(READY)
    until(lambda: is_whole(desk.port), 60, desk.printed)
    assert "Set it up with this link" in desk.printed()

    second = up("--no-demo")
    assert second.code() == 1
    assert "already runs" in second.printed()

    until(lambda: workers_of(desk.var), 60, desk.printed)
    for worker in workers_of(desk.var):
        worker.kill()
    desk.wait_for("worker 1 ended with -9; starting it again")

    # Killed, it takes its children along, and the next start finds the same data.
    desk.process.kill()
    desk.process.wait()
    until(lambda: not processes_of(desk.var), 15)
    again = up("--no-demo")
    again.wait_for(READY)
    assert "Bringing the database up to date" not in again.printed()
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
    assert desk.printed().startswith(f"Port {port} is taken")
    assert len(desk.printed().splitlines()) == 1


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
    assert name in desk.printed()
    assert sentence in desk.printed()
    assert len(desk.printed().splitlines()) == 1


def test_the_demo_does_not_listen_to_the_world(up):
    desk = up("--bind", "0.0.0.0")
    assert desk.code() == 1
    assert "127.0.0.1 alone" in desk.printed()
    assert len(desk.printed().splitlines()) == 1


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
