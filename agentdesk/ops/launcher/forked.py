"""The zygote and what it has forked, as `up` sees them."""

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from agentdesk.ops.launcher import orders
from agentdesk.ops.launcher.servers import linux
from agentdesk.ops.launcher.servers.child import Child

# A fork takes milliseconds; one that takes so long is not to be waited for.
_ORDER_SECONDS = 5.0
# Not imported: it loads the product.
_ZYGOTE = "agentdesk.ops.launcher.zygote"
_ROOM = "." * 400


@dataclass(frozen=True)
class Place:
    """Where programs run, and what all of them find there."""

    folder: Path
    environment: Mapping[str, str]
    # Descriptors that they find under the same numbers.
    shared: Sequence[int]


class Forked:
    """A program that the zygote has forked and this process has adopted."""

    def __init__(self, pid: int, output: IO[bytes]) -> None:
        self.pid = pid
        self.output = output
        self.returncode: int | None = None

    def is_alive(self) -> bool:
        self._collect(os.WNOHANG)
        return self.returncode is None

    def ask_to_stop(self) -> None:
        if self.is_alive():
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it and all that it started, now."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._collect(0)

    def _collect(self, flags: int) -> None:
        if self.returncode is not None:
            return
        try:
            pid, status = os.waitpid(self.pid, flags)
        except ChildProcessError:
            self.returncode = 1
        else:
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)


class Zygote(Child):
    """A process that has loaded the product and forks programs off itself."""

    def __init__(self, place: Place) -> None:
        linux.adopt_orphans()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.setblocking(False)
        self.is_ready = False
        numbers = [str(theirs.fileno()), str(os.getpid())]
        with theirs:
            super().__init__(
                [sys.executable, "-m", _ZYGOTE, *numbers, _ROOM],
                folder=place.folder,
                environment=place.environment,
                shared=[*place.shared, theirs.fileno()],
            )

    def look(self) -> None:
        """Note whether it has loaded everything by now."""
        if not self.is_ready:
            with suppress(BlockingIOError, ConnectionError):
                self.is_ready = self.control.recv(len(orders.READY)) == orders.READY

    def fork(self, name: str, words: Sequence[str]) -> Forked | None:
        """None where it does not answer; then nothing of it runs either."""
        reading, writing = os.pipe()
        here, there = socket.socketpair()
        order = json.dumps([name, list(words)]).encode()
        try:
            with here, there:
                here.settimeout(_ORDER_SECONDS)
                socket.send_fds(self.control, [order], [writing, there.fileno()])
                there.close()
                pid = int(here.recv(32))
                here.sendall(orders.GO)
        except (OSError, ValueError):
            os.close(reading)
            return None
        finally:
            os.close(writing)
        return Forked(pid, os.fdopen(reading, "rb"))
