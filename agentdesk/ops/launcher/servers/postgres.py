"""The private PostgreSQL: made, recovered, started and stopped."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agentdesk.ops.launcher.servers import leftovers, programs
from agentdesk.ops.launcher.servers.account import give, unprivileged
from agentdesk.ops.launcher.servers.child import MARK, Child
from agentdesk.ops.launcher.servers.errors import StartError
from agentdesk.ops.launcher.servers.places import postgres_home
from agentdesk.socket_folder import socket_folder

BASE_DIR = Path(__file__).resolve().parents[4]
MAKE_DATABASE = "agentdesk.ops.launcher.servers.make_database"
NAME = "agentdesk"
EXTENSIONS = ("pg_trgm", "btree_gin")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No statement, and no row, of which somebody's words are a part.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For tests alone: nothing of theirs has to survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# The first needs PostgreSQL 17. Without a UTF-8 character type no Japanese letter is a
# letter to pg_trgm; sorting by code point (C) is what indexes want.
LOCALES = (
    "--locale-provider=builtin --builtin-locale=C.UTF-8 --lc-collate=C --lc-ctype=C.UTF-8",
    "--locale-provider=builtin --builtin-locale=C.UTF-8 --lc-collate=C --lc-ctype=UTF-8",
    "--lc-collate=C --lc-ctype=C.UTF-8",
    "--lc-collate=C --lc-ctype=C.utf8",
    "--lc-collate=C --lc-ctype=en_US.UTF-8",
)


class Postgres:
    name = "postgres"
    # Smart shutdown would wait for clients; this one ends them and closes cleanly.
    polite = signal.SIGINT

    def __init__(self, var: Path, *, durable: bool, say: Callable[[str], None]) -> None:
        self.var = var
        self.durable = durable
        self.say = say
        self.child: Child | None = None
        self.account = unprivileged()
        self.home = var / "pg"
        self.data = self.home / "data"
        self.sockets = socket_folder(var) / "pg"

    def start(self) -> None:
        """Bring it up from whatever state the last run left, and wait for it."""
        self.home = postgres_home(self.var, self.account)
        give(self.home, self.account)
        self.data = self.home / "data"
        if not self.sockets.exists():
            self.sockets.mkdir(parents=True)
            give(self.sockets, self.account)
        self.programs = programs.postgres(self.home.parent, self.account)
        if self.home.parent != self.var.resolve() and not self.data.exists():
            self.say(f"The database stands in {self.home}, where its user can come.")
        self._clear_leftovers()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._check_version()
        self._spawn()
        self._wait()

    def _clear_leftovers(self) -> None:
        found = leftovers.running_in(self.data)
        if found:
            self.say("Stopping the PostgreSQL that an earlier run left behind.")
            inside = {process.pid for process in found}
            heads = [process for process in found if process.ppid() not in inside]
            leftovers.end(heads, polite=signal.SIGINT, patience=10)
            leftovers.end(leftovers.running_in(self.data), polite=signal.SIGQUIT)
        # Nothing works in the data folder any more, so the lock is a dead one: of a
        # killed server, or of a zombie that its parent has not collected yet.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.sockets.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        fresh = self.home / "data.new"
        reasons: list[str] = []
        for locale in LOCALES:
            shutil.rmtree(fresh, ignore_errors=True)
            if self._initdb(fresh, locale.split()):
                shutil.rmtree(self.data, ignore_errors=True)
                fresh.rename(self.data)
                return
            reasons.append(self._log_of("initdb.log"))
        raise self._failure("could not make its data folder", reasons[0])

    def _initdb(self, target: Path, locale: list[str]) -> bool:
        quick = [] if self.durable else ["--no-sync"]
        with (self.home / "initdb.log").open("wb") as log:
            child = Child(
                [
                    self.programs / "initdb",
                    *("--pgdata", target, "--username", "postgres"),
                    *("--encoding=UTF8", "--auth=trust", *quick, *locale),
                ],
                folder=self.home,
                environment=self._environment(),
                account=self.account,
                output=log,
            )
            try:
                return child.process.wait(timeout=600) == 0
            except subprocess.TimeoutExpired:
                return False
            finally:
                child.kill()

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        major = str(programs.major(self.programs / "postgres"))
        if made_by != major:
            raise StartError(
                f"{self.var / 'pg'} was made by PostgreSQL {made_by}, this is "
                f"{major}: dump it with the old one, or move the folder away."
            )

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "TZ": "UTC",
            MARK: str(self.var),
        }

    def _spawn(self) -> None:
        settings = SETTINGS | ({} if self.durable else HASTY)
        settings["unix_socket_directories"] = str(self.sockets.resolve())
        options = [f"--{name}={value}" for name, value in settings.items()]
        log = self.home / "log"
        with log.open("wb") as output:
            self.child = Child(
                [self.programs / "postgres", "-D", self.data, *options],
                folder=self.home,
                environment=self._environment(),
                polite=self.polite,
                account=self.account,
                output=output,
            )

    def _wait(self) -> None:
        """Recovery of a long write-ahead log may take minutes: wait while it lives."""
        next_word = time.monotonic() + 10
        maker = Child(
            [
                *(sys.executable, "-m", MAKE_DATABASE),
                *(self.sockets, NAME, *EXTENSIONS),
            ],
            folder=BASE_DIR,
            environment=os.environ | {MARK: str(self.var)},
        )
        try:
            while self.child and self.child.is_alive():
                if not maker.is_alive():
                    self._check_made(maker)
                    return
                if time.monotonic() > next_word:
                    self.say("PostgreSQL is still recovering from the last run …")
                    next_word += 10
                time.sleep(0.02)
        finally:
            maker.kill()
        raise self._failure("did not start", self._log_of("log"))

    def _check_made(self, maker: Child) -> None:
        if maker.returncode and maker.process.stdout:
            reason = maker.process.stdout.read().decode(errors="replace")
            raise self._failure("takes no database of ours", reason.strip())

    def _log_of(self, log: str) -> str:
        return (self.home / log).read_text(errors="replace").strip()

    def _failure(self, what: str, reason: str) -> StartError:
        if "No space left on device" in reason:
            return StartError(
                f"The disk is full: make room for {self.var}, then start again."
            )
        return StartError(f"PostgreSQL {what}: {reason[-400:] or 'it said nothing.'}")

    def settle(self, deadline: float) -> None:
        """Wait for a stop that was asked for; past the deadline cut it short."""
        if self.child is not None and not self.child.wait(deadline):
            self.child.process.send_signal(signal.SIGQUIT)
            if not self.child.wait(time.monotonic() + 1):
                self.child.kill()
        self.child = None
        leftovers.end(
            leftovers.running_in(self.data), polite=signal.SIGQUIT, patience=1
        )
