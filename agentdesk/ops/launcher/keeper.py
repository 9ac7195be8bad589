"""Starts the processes, starts again what dies, and stops everything in order."""

import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType

import psycopg

from agentdesk.ops.launcher import journal
from agentdesk.ops.launcher.servers import leftovers, services
from agentdesk.ops.launcher.servers.child import MARK, Child
from agentdesk.ops.launcher.servers.errors import StartError

PATIENCE = 4.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 30.0


class Stopped(BaseException):
    """A signal asked us to stop."""


class Signals:
    """The first signal interrupts whatever is going on, a second one hurries."""

    def __init__(self) -> None:
        self.count = 0
        self.stopping = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if not self.stopping:
            self.stopping = True
            raise Stopped

    @property
    def hurry(self) -> bool:
        return self.count > 1


class Kept:
    """One thing that has to run, and when it may be started again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.child: Child | None = None
        self.falls = 0
        self.started = 0.0
        self.next_start = 0.0

    def launch(self) -> None:
        raise NotImplementedError

    def look_after(self) -> None:
        now = time.monotonic()
        if self.child is not None:
            if self.child.is_alive():
                return
            self._fell(now, f"ended with {self.child.process.returncode}")
        if now >= self.next_start:
            self.started = now
            try:
                self.launch()
            except (StartError, OSError, psycopg.Error) as error:
                self._fell(now, f"does not start: {error}")

    def _fell(self, now: float, how: str) -> None:
        self.falls = 0 if now - self.started > HEALTHY_AFTER else self.falls + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.falls)
        self.child = None
        self.next_start = now + pause
        journal.say(f"{self.name} {how}; starting it again in {pause:g} s.")


class KeptProgram(Kept):
    """Web, worker or beat: a Python module with arguments."""

    def __init__(
        self,
        name: str,
        arguments: Iterable[str],
        *,
        folder: Path,
        demo: bool,
        var: Path,
        shared: Sequence[int] = (),
    ) -> None:
        super().__init__(name)
        self.shared = shared
        self.arguments = list(arguments)
        self.folder = folder
        self.environment = os.environ | {
            "AGENTDESK_DEMO": "1" if demo else "0",
            "AGENTDESK_VAR": str(var),
            "PYTHONUNBUFFERED": "1",
            # Root is who a container or a trial runs as; Celery's page of advice
            # against it would hide the few lines that matter.
            "PYTHONWARNINGS": "ignore:You're running the worker",
            MARK: str(var),
        }

    def launch(self) -> None:
        self.child = Child(
            [sys.executable, "-m", *self.arguments],
            folder=self.folder,
            environment=self.environment,
            shared=self.shared,
        )
        if self.child.process.stdout:
            journal.follow(self.name, self.child.process.stdout)


class KeptServer(Kept):
    """PostgreSQL or Valkey, already started once."""

    def __init__(self, server: services.Server) -> None:
        super().__init__(server.name)
        self.server = server
        self.child = server.child
        self.started = time.monotonic()

    def launch(self) -> None:
        self.server.start()
        self.child = self.server.child


def clear_leftovers(var: Path) -> None:
    """End web, worker and beat of an `up` that was killed."""
    found = leftovers.marked(MARK, str(var))
    if found:
        journal.say("Stopping processes that an earlier run left behind.")
        leftovers.end(found)


def stop(kept: list[Kept], servers: list[services.Server], signals: Signals) -> None:
    """Programs first, then the servers; in under ten seconds whatever they do."""
    programs = [one.child for one in kept if isinstance(one, KeptProgram) and one.child]
    for child in programs:
        child.ask_to_stop()
    deadline = time.monotonic() + PATIENCE
    while any(child.is_alive() for child in programs):
        if signals.hurry or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    for child in programs:
        child.kill()
    services.stop(servers, patience=1 if signals.hurry else 2.5)
