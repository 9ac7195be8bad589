"""Where it is measured: private servers and processes of our own, data kept for next time."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from agentdesk.database import embedded_database_url
from agentdesk.ops.launcher import command_lines, preflight
from agentdesk.ops.launcher.servers import services
from agentdesk.ops.launcher.servers.child import Child
from agentdesk.ops.launcher.servers.postgres import Postgres
from agentdesk.ops.launcher.servers.valkey import Valkey

Say = Callable[[str], None]
_START_SECONDS = 60


@dataclass(frozen=True)
class Scale:
    """How much data there is, and how much is measured on it."""

    name: str
    customers: int
    messages: int
    opens: int = 300
    rate: int = 50  # messages a second
    seconds: int = 20
    visitors: int = 50
    hurried_seconds: int = 10
    looks: int = 40  # at the list, during a flood and before it
    sockets: int = 1000
    openings: int = 40  # in a real browser, of each kind


SCALES = {
    "small": Scale("small", 20_000, 200_000),
    "full": Scale("full", 1_000_000, 10_000_000),
}


@dataclass(frozen=True)
class Place:
    port: int
    database: str
    environment: dict[str, str]
    web: tuple[int, ...] = ()  # process ids

    @contextmanager
    def connect(self) -> "Iterator[psycopg.Connection[Any]]":
        with psycopg.connect(self.database, autocommit=True) as connection:
            yield connection


@contextmanager
def prepared(
    scale: Scale, var: Path, say: Say, *, has_statics: bool = False
) -> Iterator[Place]:
    """Servers, data, web and worker; all of them gone again afterwards.

    `has_statics`: scripts and styles are served, packed as in production.
    """
    var.mkdir(parents=True, exist_ok=True)
    servers: list[services.Server] = [
        Postgres(var, durable=True, say=say),
        Valkey(var, say=say),
    ]
    children: list[Child] = []
    listening = preflight.listen("127.0.0.1", 0)
    port = int(listening.getsockname()[1])
    try:
        services.start(servers)
        providers = free_port()
        environment = _environment(var, providers, has_statics=has_statics)
        place = Place(port, embedded_database_url(var), environment)
        _fill(place, scale, var, say)
        if has_statics:
            say("Collecting static files…")
            _manage(place, "messages", "--compile")
            _manage(place, "collectstatic", "--no-input", "--clear", "-v", "0")
        children += _processes(place, listening, var, providers)
        _wait_for(place)
        web = tuple(child.pid for child in children[: settings.WEB_PROCESSES])
        yield replace(place, web=web)
    finally:
        _stop(children)
        listening.close()
        services.stop(servers, patience=30)


def free_port() -> int:
    with preflight.listen("127.0.0.1", 0) as listening:
        return int(listening.getsockname()[1])


def _environment(var: Path, providers: int, *, has_statics: bool) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS"}
    }
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "agentdesk.ops.bench.settings",
        "AGENTDESK_VAR": str(var),
        "AGENTDESK_DEMO": "1",
        "SIMULATOR_URL": f"http://127.0.0.1:{providers}",
        "BENCH_STATICS": "1" if has_statics else "",
    }


def _fill(place: Place, scale: Scale, var: Path, say: Say) -> None:
    """Seed once; again where the models or the wanted amount are others now."""
    wanted = {
        "customers": scale.customers,
        "messages": scale.messages,
        "made_by": _fingerprint(
            "*/migrations/*.py", "*/*/migrations/*.py", "agentdesk/ops/demo/**/*"
        ),
    }
    mark = var / "seeded.json"
    with suppress(OSError, ValueError):
        if json.loads(mark.read_text(encoding="utf-8")) == wanted:
            say(f"Using the data of an earlier run in {var}.")
            return
    mark.unlink(missing_ok=True)
    with place.connect() as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        for extension in ("pg_trgm", "btree_gin"):
            connection.execute(f"create extension if not exists {extension}")
    say(f"Seeding {scale.customers:,} customers and {scale.messages:,} messages…")
    _manage(place, "migrate", "-v", "0")
    counts = ("--customers", str(scale.customers), "--messages", str(scale.messages))
    _manage(place, "seed_demo", *counts)
    with place.connect() as connection:
        connection.execute("vacuum analyze")
    mark.write_text(json.dumps(wanted), encoding="utf-8")


def _fingerprint(*patterns: str) -> str:
    """Changes whenever one of these files of the project does."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _manage(place: Place, *words: str) -> None:
    subprocess.run(  # noqa: S603  # our own commands
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=place.environment,
        check=True,
        stdin=subprocess.DEVNULL,
    )


def _processes(
    place: Place, listening: socket.socket, var: Path, providers: int
) -> list[Child]:
    """The same web processes and worker that `manage.py up` runs for its demo."""
    wanted = {
        f"web-{n}": command_lines.web(listening) for n in range(settings.WEB_PROCESSES)
    }
    wanted |= {
        f"worker-{n}": command_lines.worker(n)
        for n in range(1, settings.WORKER_PROCESSES + 1)
    }
    wanted["sender"] = command_lines.sender()
    wanted["providers"] = command_lines.providers(providers)
    children = []
    for name, words in wanted.items():
        with (var / f"{name}.log").open("wb") as output:
            children.append(
                Child(
                    [sys.executable, "-m", *words],
                    folder=settings.BASE_DIR,
                    environment=place.environment,
                    output=output,
                    shared=[listening.fileno()],
                )
            )
    return children


def _wait_for(place: Place) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", place.port, timeout=2)
            connection.request("GET", "/readyz/web")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError("The web process did not become ready; see web-0.log.")


def _stop(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + 8
    for child in children:
        if not child.wait(deadline):
            child.kill()
