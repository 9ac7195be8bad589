import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentdesk.ops.launcher.servers import leftovers
from tests.agentdesk.ops.running_desk import Up, processes_of


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def up(port) -> Iterator[Callable[..., Up]]:
    """Start one; whatever a test leaves running is ended after it."""
    folder = Path(tempfile.mkdtemp(prefix="au"))
    folder.chmod(0o755)
    started: list[Up] = []

    def start(*arguments: str, **addresses: str) -> Up:
        started.append(Up(folder / "var", *arguments, port=port, addresses=addresses))
        return started[-1]

    yield start
    for one in started:
        if not one.ended():
            one.process.kill()
            one.process.wait()
    leftovers.end(processes_of(folder / "var"), polite=signal.SIGQUIT)
    shutil.rmtree(folder)
