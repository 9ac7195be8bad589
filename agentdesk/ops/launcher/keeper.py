"""Starts the processes, starts again what dies, and stops everything in order."""

import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from agentdesk.ops.launcher import journal
from agentdesk.ops.launcher.forked import Forked, Place, Zygote
from agentdesk.ops.launcher.servers import leftovers, services
from agentdesk.ops.launcher.servers.child import MARK, Child
from agentdesk.ops.launcher.servers.errors import StartError

PATIENCE = 4.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 30.0
LOADING_PATIENCE = 90.0
# A program that falls so often in a row is started on its own, in case forking is why.
FORKS_TRIED = 3


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


def environment_of(var: Path, *, demo: bool) -> Mapping[str, str]:
    """Of the programs, and of the zygote that forks them."""
    return os.environ | {
        "AGENTDESK_DEMO": "1" if demo else "0",
        "AGENTDESK_VAR": str(var),
        "PYTHONUNBUFFERED": "1",
        # Root is who a container or a trial runs as; Celery's page of advice
        # against it would hide the few lines that matter.
        "PYTHONWARNINGS": "ignore:You're running the worker",
        # One heap for many threads: they take turns anyhow.
        "MALLOC_ARENA_MAX": "2",
        # They are carried out once, by the zygote or before a release.
        "CELERY_SKIP_CHECKS": "1",
        MARK: str(var),
    }


class Supervised:
    """One thing that has to run, and when it may be started again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.child: Child | Forked | None = None
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
            self._fell(now, f"ended with {self.child.returncode}")
        if now >= self.next_start:
            self.started = now
            try:
                self.launch()
            except (StartError, OSError) as error:
                self._fell(now, f"does not start: {error}")

    def _fell(self, now: float, how: str) -> None:
        self.falls = 0 if now - self.started > HEALTHY_AFTER else self.falls + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.falls)
        self.child = None
        self.next_start = now + pause
        journal.say(f"{self.name} {how}; starting it again in {pause:g} s.")


class SupervisedZygote(Supervised):
    """Forks the programs. While there is none they are started each on its own."""

    child: Zygote | None

    def __init__(self, place: Place) -> None:
        super().__init__("zygote")
        self.place = place

    @property
    def is_loading(self) -> bool:
        """Soon it can fork: until then it is not worth starting a program otherwise."""
        return self.child is not None and not self.child.is_ready

    def launch(self) -> None:
        self.child = Zygote(self.place)
        if self.child.process.stdout:
            journal.follow(self.name, self.child.process.stdout)

    def look_after(self) -> None:
        super().look_after()
        if self.child is None:
            return
        self.child.look()
        if self.is_loading and time.monotonic() - self.started > LOADING_PATIENCE:
            self.child.kill()

    def fork(self, name: str, arguments: Sequence[str]) -> Forked | None:
        if self.child is None or not self.child.is_ready:
            return None
        forked = self.child.fork(name, arguments)
        if forked is None:
            journal.say(f"{self.name} does not answer.")
            self.child.kill()
        return forked


class SupervisedProgram(Supervised):
    """Web, worker or beat: a Python module with arguments."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        place: Place,
        *,
        zygote: SupervisedZygote | None,
    ) -> None:
        super().__init__(name)
        self.arguments = arguments
        self.place = place
        self.zygote = zygote

    def look_after(self) -> None:
        if self.child is not None or not (self.zygote and self.zygote.is_loading):
            super().look_after()

    def launch(self) -> None:
        if self.zygote and self.falls < FORKS_TRIED:
            forked = self.zygote.fork(self.name, self.arguments)
            if forked:
                self.child = forked
                journal.follow(self.name, forked.output)
                return
        self.child = Child(
            [sys.executable, "-m", *self.arguments],
            folder=self.place.folder,
            environment=self.place.environment,
            shared=self.place.shared,
        )
        if self.child.process.stdout:
            journal.follow(self.name, self.child.process.stdout)


class SupervisedServer(Supervised):
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


def collect_strangers(supervised: Iterable[Supervised]) -> None:
    """Zombies that this process adopted: children of what has died before them."""
    known = {one.child.pid for one in supervised if one.child}
    with suppress(ChildProcessError):
        while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if found.si_pid in known:
                return  # its own keeper collects it, and the rest comes after it
            os.waitpid(found.si_pid, 0)


def stop(
    supervised: list[Supervised], servers: list[services.Server], signals: Signals
) -> None:
    """Programs first, then the servers; in under ten seconds whatever they do."""
    programs = [
        one.child
        for one in supervised
        if one.child and not isinstance(one, SupervisedServer)
    ]
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
