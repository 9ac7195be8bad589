"""Meta as it behaves, with the desk at its other end, in one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from conversations.connections.connection import connection_of
from conversations.models import Inbox, Message
from conversations.simulators.registry import SIMULATORS
from conversations.simulators.server import served
from tests.conversations.providers import PROVIDERS
from tests.conversations.simulated import InProcess


class _Meta(InProcess):
    """What the simulator does later waits until a test has it done."""

    def __init__(self, connections) -> None:
        super().__init__(connections)  # type: ignore[call-arg]  # a simulator follows
        self.following: list[Any] = []

    def later(self, act):
        self.following.append(act)


def in_process(channel: str):
    return type("Simulated", (_Meta, SIMULATORS[channel]), {})


class SimulatedMeta:
    def __init__(self, inbox: Inbox, simulator: Any) -> None:
        self.inbox, self.simulator = inbox, simulator

    @property
    def connection(self):
        return self.simulator.connections()[0]

    def write(self, text="届きません", *, person="1001", kind="text") -> Any:
        """What a customer does; the newest message of the desk by then."""
        self.simulator.write(self.connection, person, kind, text)
        return Message.objects.filter(kind="text").order_by("pk").last()

    def catch_up(self) -> None:
        """What Meta tells after it has answered: echoes, statuses."""
        while self.simulator.following:
            self.simulator.following.pop(0)()

    def sent(self, person="1001") -> list[dict[str, Any]]:
        lines = self.simulator.lines_of(person)
        return [dict(line.facts) for line in lines if line.is_ours]


@contextmanager
def simulated(channel, account, queue, settings, **more) -> Iterator[SimulatedMeta]:
    settings.LOCAL_URL = "http://127.0.0.1:1"  # nothing listens there
    provider = PROVIDERS[channel]
    inbox = provider.connected(account, queue, api=True)
    inbox.connection.settings |= more
    inbox.connection.save()
    connections: list[Any] = []
    simulator = in_process(channel)(lambda: connections)
    with served({channel: simulator}) as address:
        settings.SIMULATOR_URL = address
        connections.append(connection_of(inbox))
        yield SimulatedMeta(inbox, simulator)


def replies():
    return Message.objects.filter(kind="text", direction="outbound").order_by("pk")
