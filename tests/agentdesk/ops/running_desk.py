"""A `manage.py up` of a test: as a process, with signals, on a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path

import psutil
from django.conf import settings

from agentdesk.ops.launcher.servers import leftovers
from agentdesk.ops.launcher.servers.child import MARK
from tests.waiting import until

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

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, *, seconds: float = 200) -> None:
        until(lambda: text in self.printed() or self.ended(), seconds, self.printed)
        assert text in self.printed()

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


def is_whole(port: int) -> bool:
    """Worker, sender, beat and mail have begun to work as well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return bool(answer.status == 200)
    except (OSError, HTTPException):
        return False
