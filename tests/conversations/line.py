"""LINE as it behaves, with the desk at its other end, in one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from conversations.adapters.base import Connection
from conversations.adapters.line.simulator.api import LineSimulator
from conversations.connections.connection import connection_of
from conversations.models import Inbox, Message
from conversations.simulators.server import served
from tests.conversations.providers.line import PROVIDER
from tests.conversations.simulated import InProcess


class _InProcess(InProcess, LineSimulator):
    """LINE, in the process of the test."""


class SimulatedLine:
    def __init__(self, inbox: Inbox, simulator: LineSimulator) -> None:
        self.inbox, self.simulator = inbox, simulator

    @property
    def connection(self):
        return self.simulator.connections()[0]

    def expect_token(self, token: str) -> None:
        """The access token that LINE takes from now on."""
        connections = self.simulator.connections()
        secrets = {**self.connection.secrets, "channel_access_token": token}
        connections[0] = replace(self.connection, secrets=secrets)

    def write(self, text="届きません", *, person="1", kind="text"):
        """What a customer does; the newest message of the desk by then."""
        self.simulator.write(self.connection, person, kind, text)
        return Message.objects.filter(kind="text").order_by("pk").last()

    def seen(self, person="1") -> list[str]:
        """What the desk has written, on the customer's screen."""
        lines = self.simulator.lines_of(person)
        return [line.text for line in lines if line.is_ours]

    def objects(self, person="1") -> list[dict[str, Any]]:
        lines = self.simulator.lines_of(person)
        return [line.facts["object"] for line in lines if line.is_ours]

    def calls(self, path: str) -> int:
        return self.simulator.account.calls[path]


@contextmanager
def simulated_line(account, queue, settings) -> Iterator[SimulatedLine]:
    settings.LOCAL_URL = "http://127.0.0.1:1"  # nothing listens there
    inbox = PROVIDER.connected(account, queue, api=True)
    connections: list[Connection] = []
    simulator = _InProcess(lambda: connections)
    with served({"line": simulator}) as address:
        settings.SIMULATOR_URL = address
        connections.append(connection_of(inbox))
        yield SimulatedLine(inbox, simulator)


def answer():
    """The newest reply."""
    return Message.objects.filter(direction="outbound").order_by("pk").last()


def upload(agent, conversation, name, content):
    http = Client()
    http.force_login(agent.user)
    file = ContentFile(content, name=name)
    return http.post(
        f"/conversations/{conversation.pk}/files/", {"file": file, "kind": "reply"}
    )


def picture(kind="PNG", edge=2000) -> bytes:
    written = BytesIO()
    Image.effect_noise((edge, edge), 90).save(written, kind)
    return written.getvalue()
