"""Processes that an earlier, killed run left behind, and how to end processes."""

import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil


def running_in(folder: Path) -> list[psutil.Process]:
    """Living processes whose working folder is `folder`.

    Every process of a PostgreSQL server works in its data folder, whatever else it
    overwrites to show its state, and our Valkey works in its own.
    """
    place = str(folder.resolve())
    return _processes(lambda process: process.cwd() == place)


def marked(name: str, value: str) -> list[psutil.Process]:
    """Living processes that were started with `name=value` in their environment."""
    return _processes(lambda process: process.environ().get(name) == value)


def _processes(wanted: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.status() != psutil.STATUS_ZOMBIE and wanted(process):
                found.append(process)
    return found


def end(
    processes: Iterable[psutil.Process],
    *,
    polite: signal.Signals = signal.SIGTERM,
    patience: float = 5,
) -> None:
    """Ask, wait, and kill what is still there. A zombie counts as gone."""
    waiting = list(processes)
    for process in waiting:
        with suppress(psutil.Error):
            process.send_signal(polite)
    for process in _still_alive(waiting, patience):
        with suppress(psutil.Error):
            process.kill()
    _still_alive(waiting, 2)


def _still_alive(
    processes: list[psutil.Process], patience: float
) -> list[psutil.Process]:
    deadline = time.monotonic() + patience
    while alive := [process for process in processes if _lives(process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return alive


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
