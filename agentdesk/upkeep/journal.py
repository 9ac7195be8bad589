"""One readable log of all processes: every line says whose it is."""

import sys
import threading
from contextlib import suppress
from typing import IO

WIDTH = 8
_lock = threading.Lock()


def write(name: str, line: str) -> None:
    # Whoever reads may be gone (`make run | head`); the desk goes on without them.
    with _lock, suppress(OSError, ValueError):
        sys.stdout.write(f"{name:<{WIDTH}} | {line}\n")
        sys.stdout.flush()


def say(line: str) -> None:
    """A line of `up` itself."""
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
