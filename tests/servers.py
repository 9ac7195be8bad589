"""Starts the servers of a test run, once, and takes everything away afterwards.

The workers of xdist are children of the process that starts them, and inherit the
addresses. Where DATABASE_URL or REDIS_URL is set, that server is used instead.
"""

import atexit
import os
import shutil
import signal
from pathlib import Path

import pytest
from django.conf import settings

from agentdesk.ops.launcher.servers import services
from agentdesk.ops.translations import catalogs

running: list[services.Server] = []


def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly:
        return
    # Empty, but there: who serves static files asks for the folder at once.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if hasattr(config, "workerinput") or running:
        return
    var = Path(settings.VAR_DIR)
    var.mkdir(parents=True, exist_ok=True)
    running.extend(services.wanted(var, durable=False, say=print))
    atexit.register(_take_away, var)
    # A terminated run ends and cleans up like one that is interrupted by keyboard.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    services.start(running)
    catalogs.compile_all()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _take_away(Path(settings.VAR_DIR))


def _take_away(var: Path) -> None:
    services.stop(running)
    running.clear()
    elsewhere = var / "pg"
    if elsewhere.is_symlink():
        shutil.rmtree(elsewhere.resolve().parent, ignore_errors=True)
    sockets = var / "sockets"
    if sockets.is_symlink():
        shutil.rmtree(os.readlink(sockets), ignore_errors=True)
    shutil.rmtree(var, ignore_errors=True)
