"""The private Valkey: cache, signals and broker on a Unix socket.

It keeps nothing over a restart: PostgreSQL is the only store of record.
"""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agentdesk.ops.launcher.servers import leftovers, programs
from agentdesk.ops.launcher.servers.child import MARK, Child
from agentdesk.ops.launcher.servers.errors import StartError
from agentdesk.socket_folder import socket_folder


class Valkey:
    name = "valkey"
    polite = signal.SIGTERM

    def __init__(self, var: Path, *, say: Callable[[str], None]) -> None:
        self.var = var
        self.say = say
        self.child: Child | None = None
        self.home = var / "valkey"
        self.socket = socket_folder(var) / "valkey" / "socket"

    def start(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        found = leftovers.running_in(self.home)
        if found:
            self.say("Stopping the Valkey that an earlier run left behind.")
            leftovers.end(found)
        self.socket.unlink(missing_ok=True)
        self._spawn()
        self._wait()

    def _spawn(self) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "save": "",
            "appendonly": "no",
            "databases": "64",
            "loglevel": "warning",
        }
        words = [
            word for name, value in options.items() for word in (f"--{name}", value)
        ]
        with (self.home / "log").open("wb") as output:
            self.child = Child(
                [programs.valkey(), *words],
                folder=self.home,
                environment=os.environ | {MARK: str(self.var)},
                polite=self.polite,
                output=output,
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while self.child and self.child.is_alive() and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.02)
        tail = (self.home / "log").read_text(errors="replace").strip()[-400:]
        raise StartError(f"Valkey did not start: {tail or 'it said nothing.'}")

    def _answers(self) -> bool:
        """Asked without a client, which `up` would have in memory for months."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(1)
            asking.connect(str(self.socket))
            asking.sendall(b"PING\r\n")
            return asking.recv(7) == b"+PONG\r\n"
        return False

    def settle(self, deadline: float) -> None:
        """Wait for a stop that was asked for; past the deadline cut it short."""
        if self.child is not None and not self.child.wait(deadline):
            self.child.kill()
        self.child = None
        leftovers.end(leftovers.running_in(self.home), patience=1)
