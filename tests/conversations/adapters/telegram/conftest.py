"""Telegram as it behaves, with the desk at its other end."""

from collections.abc import Iterator
from typing import Any

import pytest

from conversations.adapters.base import Connection
from conversations.adapters.telegram.simulator import SIMULATOR
from conversations.connections.connection import connection_of
from conversations.models import Inbox, Message
from conversations.simulators.server import served
from tests.conversations.providers.telegram import PROVIDER
from tests.conversations.simulated import InProcess
from tests.conversations.simulated import reply as written_reply


class _InProcess(InProcess, SIMULATOR):
    pass


class Desk:
    def __init__(self, inbox: Inbox, simulator: SIMULATOR) -> None:
        self.inbox, self.simulator = inbox, simulator

    @property
    def connection(self):
        return self.simulator.connections()[0]

    def write(
        self, text="傘が届きません", *, person="1", kind="text"
    ) -> Message | None:
        """What a customer does; the newest message of theirs by then."""
        self.simulator.write(self.connection, person, kind, text)
        theirs = Message.objects.filter(kind="text", direction="inbound")
        return theirs.order_by("pk").last()

    def seen(self, person="1") -> list[str]:
        lines = self.simulator.lines_of(person)
        return [line.text for line in lines if line.is_ours]

    def sent(self, person="1") -> list[dict[str, Any]]:
        lines = self.simulator.lines_of(person)
        return [line.facts for line in lines if line.is_ours]


@pytest.fixture
def telegram(account, queue, settings) -> Iterator[Desk]:
    settings.LOCAL_URL = "http://127.0.0.1:1"  # nothing listens there
    inbox = PROVIDER.connected(account, queue, api=True)
    connections: list[Connection] = []
    simulator = _InProcess(lambda: connections)
    with served({"telegram": simulator}) as address:
        settings.SIMULATOR_URL = address
        connections.append(connection_of(inbox))
        yield Desk(inbox, simulator)


@pytest.fixture
def reply(agent):
    def write(conversation, body="ただいま確認いたします。", **more) -> Message:
        answer = written_reply(agent, conversation, body, **more)
        assert answer.status_code == 201, answer.content
        return Message.objects.filter(direction="outbound", kind="text").latest("pk")

    return write
