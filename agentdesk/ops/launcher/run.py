"""One run of `manage.py up`, from the first look to the last process."""

import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from agentdesk.ops.launcher import (
    banner,
    command_lines,
    installation,
    journal,
    keeper,
    preflight,
    prepared,
)
from agentdesk.ops.launcher.forked import Place
from agentdesk.ops.launcher.servers import linux, services
from agentdesk.ops.launcher.servers.errors import StartError

HEAD_START = 30.0
PROVIDERS_BESIDE = 90


def since(moment: float) -> float:
    return time.monotonic() - moment


class Desk:
    def __init__(self, *, address: str, port: str, with_demo: bool) -> None:
        self.address = address
        self.port = port
        self.with_demo = with_demo
        self.installation = installation.read()
        self.var = Path(self.installation.var)
        # What `up` says stands between the lines of the programs, in their time.
        os.environ["TZ"] = self.installation.time_zone
        time.tzset()
        self.signals = keeper.Signals()
        self.servers: list[services.Server] = []
        self.supervised: list[keeper.Supervised] = []

    def run(self) -> int:
        """Until a signal comes: 0. Where it cannot start: 1, after one sentence."""
        self.signals.listen()
        began = False
        try:
            lock = preflight.claim(self.var)
            began = True
            self._start()
            self._keep()
        except keeper.Stopped:
            journal.say("Stopping …")
        except (StartError, OSError) as error:
            if not self.signals.count:
                sys.stderr.write(f"{self._sentence(error)}\n")
                return 1
            journal.say("Stopping …")
        finally:
            self.signals.stopping = True
            if began:
                keeper.stop(self.supervised, self.servers, self.signals)
                keeper.clear_leftovers(self.var)
                lock.close()
        journal.say("Stopped.")
        return 0

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, OSError):
            return preflight.sentence(error, self.var)
        return str(error)

    def _start(self) -> None:
        port = self._checked_port()
        if self.with_demo:
            self._refuse_demo_in_the_open()
        preflight.check_space(self.var)
        keeper.clear_leftovers(self.var)
        self.listening = preflight.listen(self.address, port)
        installation.check_addresses()
        journal.say("Starting …")
        self.servers = services.wanted(self.var, say=journal.say)
        services.start(self.servers)
        os.environ["PORT"] = str(port)
        os.environ["LOCAL_URL"] = f"http://127.0.0.1:{port}"
        self.prepared = prepared.prepare(
            with_demo=self.with_demo,
            folder=installation.BASE_DIR,
            environment=keeper.environment_of(self.var, demo=False),
        )
        self.is_demo = self.prepared.is_demo
        if self.is_demo:
            self._refuse_demo_in_the_open()
        self.providers = self._providers_port(port) if self.is_demo else 0
        self._list_what_runs()

    def _list_what_runs(self) -> None:
        self.supervised = [keeper.SupervisedServer(server) for server in self.servers]
        self.place = Place(
            folder=installation.BASE_DIR,
            environment=keeper.environment_of(self.var, demo=self.is_demo),
            shared=[self.listening.fileno()],
        )
        self.zygote = None
        if linux.IS_LINUX and self.installation.is_preforked:
            self.zygote = keeper.SupervisedZygote(self.place)
            self.supervised.append(self.zygote)
        self._supervise("web 1", command_lines.web(self.listening))
        self.first = list(self.supervised)
        for number in range(2, self.installation.web_processes + 1):
            self._supervise(f"web {number}", command_lines.web(self.listening))
        for number in range(1, self.installation.worker_processes + 1):
            self._supervise(f"worker {number}", command_lines.worker(number))
        self._supervise("sender", command_lines.sender())
        self._supervise("beat", command_lines.beat(self.var))
        self._supervise("mail", command_lines.mail())
        if self.providers:
            self._supervise("providers", command_lines.providers(self.providers))

    def _supervise(self, name: str, arguments: list[str]) -> None:
        self.supervised.append(
            keeper.SupervisedProgram(name, arguments, self.place, zygote=self.zygote)
        )

    def _providers_port(self, port: int) -> int:
        """Beside our own; 0 where somebody else plays the demo's providers."""
        if os.environ.get("SIMULATOR_URL", "").strip():
            return 0
        beside = (
            port + PROVIDERS_BESIDE if port + PROVIDERS_BESIDE < 65536 else port - 1
        )
        os.environ["SIMULATOR_URL"] = f"http://127.0.0.1:{beside}"
        return beside

    def _checked_port(self) -> int:
        is_number = self.port.isascii() and self.port.isdecimal()
        if not is_number or not 0 < int(self.port) < 65536:
            raise StartError(f"{self.port!r} is no port: give a number up to 65535.")
        return int(self.port)

    def _refuse_demo_in_the_open(self) -> None:
        if not preflight.is_loopback(self.address):
            raise StartError(
                "The demo's passwords are known to everybody, so it listens on "
                "127.0.0.1 alone: leave out --bind, or start empty with --no-demo."
            )

    def _keep(self) -> None:
        """The first web process has the processors for itself until it answers."""
        began = time.monotonic()
        announced = False
        while True:
            for one in self.supervised:
                if announced or one in self.first or since(began) > HEAD_START:
                    one.look_after()
            keeper.collect_strangers(self.supervised)
            if not announced and self._web_answers():
                announced = True
                host = f"[{self.address}]" if ":" in self.address else self.address
                banner.show(
                    self.installation.public_url or f"http://{host}:{self.port}",
                    self.prepared,
                    providers=os.environ.get("SIMULATOR_URL", ""),
                )
            time.sleep(0.2)

    def _web_answers(self) -> bool:
        """The socket listens from the start, so only an answer tells that web runs."""
        address = (self.address, int(self.port))
        with (
            suppress(OSError),
            socket.create_connection(address, timeout=1) as asking,
        ):
            asking.sendall(b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return asking.recv(5) == b"HTTP/"
        return False
