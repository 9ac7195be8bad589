"""The providers of a browser test: simulated in its process, known to Daphne."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Simulator
from conversations.connections.connection import connection_of
from conversations.models import Inbox
from conversations.simulators.registry import SIMULATORS
from conversations.simulators.server import served


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def providers_port() -> int:
    """Where the product looks for its providers; a test that wants them serves there."""
    return free_port()


@dataclass
class Providers:
    """Providers as they are simulated, which Daphne sends to and hears from."""

    address: str
    simulators: dict[str, Simulator]
    _connections: dict[str, list[Connection]]

    def serve(self, inbox: Inbox) -> Connection:
        """Let the inbox's provider know it."""
        connection = connection_of(inbox)
        self._connections[inbox.channel].append(connection)
        return connection

    def seen(self, channel: str, person: str) -> list[str]:
        """What the desk has written, on the customer's screen."""
        lines = self.simulators[channel].lines_of(person)
        return [line.text for line in lines if line.is_ours]


@pytest.fixture
def providers(server: str, providers_port: int, settings) -> Iterator[Providers]:
    """All providers that can be simulated, for one test. They read no database."""
    connections: dict[str, list[Connection]] = {name: [] for name in SIMULATORS}
    simulators = {
        name: simulator(partial(connections.__getitem__, name))
        for name, simulator in SIMULATORS.items()
    }
    settings.PUBLIC_URL, settings.LOCAL_URL = "", server
    with served(simulators, port=providers_port) as address:
        settings.SIMULATOR_URL = address
        yield Providers(address, simulators, connections)
