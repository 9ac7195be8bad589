"""The programs of `manage.py up` are forked from one process that has loaded them."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import suppress

import psutil
import pytest
from django.conf import settings

from tests.agentdesk.ops.running_desk import READY, Up, is_whole, processes_of
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)
PROGRAMS = ("web 1", "web 2", "worker 1", "sender", "beat", "mail")


def titles(desk: Up) -> dict[str, int]:
    """The children of `up` that have a name to be read in `ps`, and their numbers."""
    found = {}
    for child in psutil.Process(desk.process.pid).children():
        with suppress(psutil.Error):  # it has just died
            words = " ".join(child.cmdline())
            if words.startswith("agentdesk "):
                found[words.removeprefix("agentdesk ").partition(":")[0]] = child.pid
    return found


def zombies(desk: Up) -> list[psutil.Process]:
    children = psutil.Process(desk.process.pid).children()
    return [one for one in children if one.status() == psutil.STATUS_ZOMBIE]


def other(desk: Up, name: str, before: int) -> int:
    """The number of that program once it is another process than `before`."""

    def look() -> int:
        now = titles(desk).get(name, before)
        return 0 if now == before else now

    return until(look, 120, desk.printed)


def answers(desk: Up) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{desk.port}/livez") as answer:
        return bool(answer.status == 200)


def end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_the_desk_goes_on_while_what_forks_it_is_killed_or_frozen(up):
    desk = up("--no-demo", WEB_PROCESSES="2", WORKER_PROCESSES="1")
    desk.wait_for(READY)
    until(lambda: is_whole(desk.port), 60, desk.printed)
    first = titles(desk)
    assert set(first) == {"zygote", *PROGRAMS}

    end(first["zygote"])
    zygote = other(desk, "zygote", first["zygote"])
    assert answers(desk)
    assert {name: titles(desk)[name] for name in PROGRAMS} == {
        name: first[name] for name in PROGRAMS
    }

    end(first["web 1"])
    second = other(desk, "web 1", first["web 1"])
    assert psutil.Process(second).ppid() == desk.process.pid
    assert answers(desk)

    # It does not answer: what has died comes back all the same, and so does it.
    os.kill(zygote, signal.SIGSTOP)
    end(first["worker 1"])
    desk.wait_for("zygote does not answer")
    assert answers(desk)
    other(desk, "zygote", zygote)
    until(lambda: is_whole(desk.port), 60, desk.printed)
    assert len([one for one in processes_of(desk.var) if _works(one)]) == 1

    # What a killed server leaves behind is collected as well.
    next(one for one in processes_of(desk.var) if _serves(one)).kill()
    desk.wait_for("postgres ended with -9")
    until(lambda: is_whole(desk.port) and not zombies(desk), 120, desk.printed)

    assert desk.stop() == 0
    assert not processes_of(desk.var)


def test_without_forking_each_program_is_a_process_of_its_own(up):
    plain = up("--no-demo", PREFORK="0", WEB_PROCESSES="1", WORKER_PROCESSES="1")
    plain.wait_for(READY)
    until(lambda: is_whole(plain.port), 60, plain.printed)
    assert not titles(plain)
    assert plain.stop() == 0
    assert not processes_of(plain.var)


def _works(process: psutil.Process) -> bool:
    return "worker1@%h" in process.cmdline()


def _serves(process: psutil.Process) -> bool:
    return "-D" in process.cmdline() and "bin/postgres" in process.cmdline()[0]


SCRIPT = """
import json, os, random, sys, time, uuid
from agentdesk.ops.launcher import preload
{before}
preload.load()
from agentdesk.celery import app
for _number in range(2):
    if os.fork() == 0:
        mine = [random.random(), str(uuid.uuid4()), app.oid, app.thread_oid]
        print(json.dumps(mine), flush=True)
        os._exit(0)
    os.wait()
"""


def run(before: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(before=before)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_that_are_forked_draw_other_numbers():
    done = run()
    assert done.returncode == 0, done.stderr
    one, another = (json.loads(line) for line in done.stdout.splitlines())
    assert not set(one) & set(another)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (
            "import threading; preload._load_tasks = "
            "threading.Thread(target=time.sleep, args=[60], daemon=True).start",
            "Loading has started 1 threads.",
        ),
        (
            "import socket; held = []; preload._load_tasks = "
            "lambda: held.append(socket.socket())",
            "Loading has opened ",
        ),
    ],
)
def test_what_a_fork_would_share_or_lose_is_not_forked(before, sentence):
    done = run(before)
    assert done.returncode == 1
    assert sentence in done.stderr
