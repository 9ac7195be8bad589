"""The command lines of web, worker, beat and mail, as `up` and the bench run them."""

import socket
from pathlib import Path

_CELERY = ["celery", "--quiet", "-A", "agentdesk"]


def web(listening: socket.socket) -> list[str]:
    """Takes its connections from a socket that listens already; several may share one."""
    return [
        *("daphne", "--verbosity", "0", "--no-server-name"),
        *("--fd", str(listening.fileno()), "agentdesk.asgi:application"),
    ]


def worker(number: int = 1) -> list[str]:
    """Threads of one process share one core: several processes use the others."""
    return _worker(f"worker{number}", "celery", threads=4)


def sender() -> list[str]:
    """Waits for providers: sends, fetches, polls."""
    return _worker("sender", "outbound", threads=12)


def _worker(name: str, queue: str, *, threads: int) -> list[str]:
    return [
        *_CELERY,
        *("worker", "-P", "threads", "-c", str(threads), "-Q", queue, "-l", "WARNING"),
        *("-n", f"{name}@%h", "--without-gossip", "--without-mingle"),
    ]


def providers(port: int) -> list[str]:
    """The simulated providers of the demo, with a page to write as a customer."""
    return ["django", "simulate", "all", "--port", str(port)]


def beat(var: Path) -> list[str]:
    """Celery's own scheduler with a file, not one that keeps its schedule in Valkey:
    emptying Valkey must not stop the sweeps that heal everything else.
    """
    schedule = str(var / "beat-schedule")
    return [*_CELERY, "beat", "-l", "WARNING", "--pidfile=", "-s", schedule]


def prepare(answer: int, *, with_demo: bool) -> list[str]:
    """Ends once database, translations and static files are up to date."""
    demo = ["--demo"] if with_demo else []
    return ["django", "prepare", "--answer", str(answer), *demo]


def mail() -> list[str]:
    """Reads mailboxes."""
    return ["django", "fetch_mail", "--skip-checks"]
