"""Every open screen reads itself again after Valkey was away."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from agentdesk.live import hub
from agentdesk.live.consumer import DeskConsumer
from agentdesk.live.publish import send_now
from tests.conversations.webchat.chat import ChatVisitor
from tests.conversations.webchat.test_visitor_socket import connected
from tests.desk_socket import desk_socket

pytestmark = pytest.mark.django_db(transaction=True)


class Relay:
    """Valkey by a way that can be broken, or say nothing."""

    def __init__(self, url: str) -> None:
        real, _mark, query = url.partition("?")
        self._real = real.removeprefix("unix://")
        self._folder = Path(tempfile.mkdtemp(prefix="relay-"))
        self.url = f"unix://{self._folder / 'socket'}?{query}"
        self._ways: set[asyncio.StreamWriter] = set()
        self._joined: set[asyncio.Task[None]] = set()
        self._is_frozen = False
        self.subscription_ended = asyncio.Event()

    async def start(self) -> None:
        path = str(self._folder / "socket")
        self._server = await asyncio.start_unix_server(self._join, path)

    async def _join(self, reader, writer) -> None:
        theirs, ours = await asyncio.open_unix_connection(self._real)
        self._ways |= {writer, ours}
        self._joined.add(asyncio.current_task())
        await asyncio.gather(self._pass(reader, ours), self._pass(theirs, writer))

    async def _pass(self, reader, writer) -> None:
        has_subscribed = False
        with suppress(OSError):
            while data := await reader.read(65536):
                has_subscribed = has_subscribed or b"SUBSCRIBE" in data
                if not self._is_frozen:
                    writer.write(data)
        writer.close()
        if has_subscribed:
            self.subscription_ended.set()

    def break_all(self) -> None:
        for way in self._ways:
            way.transport.abort()
        self._ways.clear()

    def freeze(self) -> None:
        self._is_frozen = True

    def thaw(self) -> None:
        self._is_frozen = False

    async def close(self) -> None:
        self._server.close()
        self.break_all()
        await asyncio.gather(*self._joined)
        shutil.rmtree(self._folder)


@pytest.fixture
async def relay(settings, monkeypatch) -> AsyncIterator[Relay]:
    monkeypatch.setattr(DeskConsumer, "board", None)  # of the loop of each test
    monkeypatch.setattr(hub, "_CHECK_SECONDS", 0.1)
    relay = Relay(settings.REDIS_URL)
    await relay.start()
    settings.REDIS_URL = relay.url
    yield relay
    await relay.close()


async def is_signalled(socket, topic: str) -> bool:
    await sync_to_async(send_now)(topic, "list_changed", {"inquiry": 1})
    signal = await socket.receive_signal()
    return signal["kind"] == "list_changed"


@pytest.mark.parametrize("fault", ["broken", "frozen"])
async def test_desks_and_chats_read_again_once_valkey_is_back(
    relay, fault, client_of, agent, account, webchat
):
    topic = f"account:{account.pk}"
    desk = await sync_to_async(client_of)(agent)
    visitor = ChatVisitor(webchat)
    await sync_to_async(visitor.begin)()
    await sync_to_async(visitor.send)("こんにちは")
    chat = await connected(visitor)
    assert await chat.receive_json_from(10) == {"kind": "hello"}
    async with desk_socket(desk, topic) as socket:
        assert await is_signalled(socket, topic)
        if fault == "frozen":
            relay.freeze()
            await asyncio.wait_for(relay.subscription_ended.wait(), 20)
            relay.thaw()
        else:
            relay.break_all()
        assert await socket.receive_signal() == {"kind": "resync"}
        assert await chat.receive_json_from(20) == {"kind": "hello"}
        assert await is_signalled(socket, topic)
    await chat.disconnect()


async def test_a_desk_that_opens_while_valkey_is_away_reads_again(
    relay, client_of, agent, account
):
    topic = f"account:{account.pk}"
    desk = await sync_to_async(client_of)(agent)
    relay.freeze()
    async with desk_socket(desk, topic) as socket:
        relay.thaw()
        assert await socket.receive_signal() == {"kind": "resync"}
        assert await is_signalled(socket, topic)
