"""One readable log of all processes: every line says whose it is."""

import sys
import threading
from contextlib import suppress
from datetime import datetime
from typing import IO

WIDTH = 8
_lock = threading.Lock()


def write(name: str, line: str) -> None:
    # Whoever reads may be gone (`make run | head`); the desk goes on without them.
    with _lock, suppress(OSError, ValueError):
        sys.stdout.write(f"{name:<{WIDTH}} | {line}\n")
        sys.stdout.flush()


def say(line: str) -> None:
    """What `up` itself does, and when."""
    now = datetime.now().astimezone()
    write("up", f"{now.isoformat(sep=' ', timespec='milliseconds')} {line}")


def show(line: str) -> None:
    """A line to be read when it is printed, and copied from."""
    write("up", line)


def follow(name: str, pipe: IO[bytes]) -> None:
    """Copy what a child says, until it ends."""
    threading.Thread(target=_copy, args=(name, pipe), daemon=True).start()


def _copy(name: str, pipe: IO[bytes]) -> None:
    with pipe:
        for raw in pipe:
            line = raw.decode(errors="replace").rstrip()
            if line:
                write(name, line)
