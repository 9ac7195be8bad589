"""One `manage.py up` of our own, whose parts can be killed, and its providers here."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
from django.conf import settings

from agentdesk.database import embedded_database_url
from agentdesk.ops.bench.place import Place, free_port

_START_SECONDS = 400
_PARTS = {
    "web": "daphne",
    "worker": "celery --quiet -A agentdesk worker",
    "beat": "celery --quiet -A agentdesk beat",
    "postgres": "/postgres -D",
    "valkey": "valkey-server",
}
# Short, so that what a dead worker left is taken up while one looks on.
_CLAIM_SECONDS = 15


class Trial:
    def __init__(self, var: Path, simulators: str) -> None:
        self.var = var
        self.port = free_port()
        self.log = var / "up.log"
        environment = os.environ | {
            "AGENTDESK_VAR": str(var),
            "SIMULATOR_URL": simulators,
            "DELIVERY_CLAIM_SECONDS": str(_CLAIM_SECONDS),
            "DJANGO_SETTINGS_MODULE": "agentdesk.settings",
        }
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603  # our own command
                [sys.executable, "manage.py", "up", "--port", str(self.port)],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def place(self) -> Place:
        return Place(self.port, embedded_database_url(self.var), dict(os.environ))

    def wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError, HTTPException):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise TimeoutError(f"The desk did not start; see {self.log}.")

    def part(self, name: str) -> list[psutil.Process]:
        """The processes of one part, oldest first; a server's own children left out."""
        found = []
        with suppress(psutil.NoSuchProcess):
            for one in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if _PARTS[name] in " ".join(one.cmdline()):
                        found.append(one)
        return sorted(found, key=lambda one: one.create_time())

    def kill(self, name: str) -> None:
        """kill -9 of one process of that part."""
        for one in self.part(name)[:1]:
            with suppress(psutil.NoSuchProcess):
                one.kill()

    def send(self, name: str, number: signal.Signals) -> None:
        """A signal to every process of that part."""
        for one in self.part(name):
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(var: Path, simulators: str) -> Iterator[Trial]:
    trial = Trial(var, simulators)
    try:
        trial.wait()
        yield trial
    finally:
        trial.stop()
