"""The visitor's socket: signals for their own chat, and nothing for anybody else."""

from collections import Counter
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from agentdesk.asgi import application
from agentdesk.live.consumer import DeskConsumer
from conversations.models import Conversation, Message
from conversations.replies.actions.note import add_note
from conversations.replies.actions.reply import send_reply
from conversations.webchat import consumers
from tests.conversations.webchat.chat import SHOP, ChatVisitor
from tests.desk_socket import desk_socket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("こんにちは")
    return visitor


def socket_of(visitor: ChatVisitor, origin: str = "") -> WebsocketCommunicator:
    headers = [(b"origin", origin.encode()), (b"host", b"desk.example.jp")]
    path = f"/ws/chat/{visitor.inbox.key}/"
    return WebsocketCommunicator(application, path, headers if origin else None)


async def connected(visitor: ChatVisitor, **kwargs: str) -> WebsocketCommunicator:
    socket = socket_of(visitor, **kwargs)
    assert (await socket.connect())[0]
    await socket.send_json_to({"do": "hello", "token": visitor.token})
    return socket


async def test_an_answer_is_signalled_by_its_id_alone(visitor, agent):
    socket = await connected(visitor)
    assert await socket.receive_json_from(5) == {"kind": "hello"}
    conversation = await Conversation.objects.aget()
    await sync_to_async(send_reply)(
        conversation, member=agent, body="ございます", client_id=uuid4()
    )
    message = await Message.objects.aget(body="ございます")
    signal = await socket.receive_json_from(5)
    assert signal == {"kind": "message_added", "ids": {"message": message.pk}}
    await socket.disconnect()


async def test_notes_and_other_visitors_are_not_heard(webchat, visitor, agent):
    other = ChatVisitor(webchat)
    await sync_to_async(other.begin)()
    await sync_to_async(other.send)("別のお客様")
    socket = await connected(visitor)
    await socket.receive_json_from(5)
    conversation = await Conversation.objects.aget(
        customer__visitors__isnull=False, messages__body="こんにちは"
    )
    await sync_to_async(add_note)(
        conversation, member=agent, body="内緒", client_id=uuid4()
    )
    await sync_to_async(other.send)("もう一通")
    assert await socket.receive_nothing(0.5)
    await socket.disconnect()


@pytest.mark.parametrize("token", ["", "forged", None, 5])
async def test_without_a_good_token_the_socket_is_closed(visitor, token):
    socket = socket_of(visitor)
    await socket.connect()
    await socket.send_json_to({"do": "hello", "token": token})
    assert (await socket.receive_output(5))["code"] == consumers.NOT_KNOWN


async def test_a_site_that_may_not_carry_the_chat_hears_nothing(visitor):
    socket = await connected(visitor, origin="https://evil.example.com")
    assert (await socket.receive_output(5))["code"] == consumers.NOT_KNOWN


async def test_an_allowed_site_hears(visitor):
    visitor.inbox.webchat.allowed_origins = [SHOP]
    await visitor.inbox.webchat.asave()
    socket = await connected(visitor, origin=SHOP)
    assert await socket.receive_json_from(5) == {"kind": "hello"}
    await socket.disconnect()


async def test_typing_reaches_the_desk(visitor, client_of, agent, monkeypatch):
    monkeypatch.setattr(DeskConsumer, "board", None)  # of the loop of each test
    conversation = await Conversation.objects.aget()
    theirs = await sync_to_async(client_of)(agent)
    async with desk_socket(theirs, f"conversation:{conversation.pk}") as desk:
        socket = await connected(visitor)
        await socket.receive_json_from(5)
        await socket.send_json_to({"do": "typing", "on": True})
        await socket.send_json_to({"do": "ping"})
        assert await socket.receive_json_from(5) == {"kind": "pong"}
        signal = await desk.receive_signal()
        assert (signal["kind"], signal["ids"]) == ("typing", {"on": 1})
        await socket.disconnect()
        assert (await desk.receive_signal())["ids"] == {"on": 0}


async def test_too_many_sockets_of_one_address_are_refused_without_the_database(
    visitor, monkeypatch
):
    monkeypatch.setattr(consumers, "SOCKETS_AT_ONCE", 3)
    # Sockets that other tests of this process left to die are not this one's.
    monkeypatch.setattr(consumers.VisitorConsumer, "open_by_address", Counter())
    sockets = [socket_of(visitor) for _number in range(6)]
    with monkeypatch.context() as patch:
        patch.setattr(consumers, "database_sync_to_async", None)  # nobody may call it
        for socket in sockets:
            await socket.connect()
    for socket in sockets[3:]:
        assert (await socket.receive_output(5))["code"] == consumers.TOO_MUCH
    for socket in sockets[:3]:
        await socket.disconnect()
    again = await connected(visitor)
    assert await again.receive_json_from(5) == {"kind": "hello"}
    await again.disconnect()


async def test_a_flood_of_frames_closes_the_socket(visitor):
    socket = await connected(visitor)
    await socket.receive_json_from(5)
    for _number in range(100):
        await socket.send_json_to({"do": "nothing"})
    assert (await socket.receive_output(5))["code"] == consumers.TOO_MUCH


@pytest.mark.parametrize("frame", ["{", "[]", "null", '"x"', "[" * 1500])
async def test_frames_that_are_not_understood_are_passed_over(visitor, frame):
    socket = await connected(visitor)
    await socket.receive_json_from(5)
    await socket.send_to(text_data=frame)
    await socket.send_json_to({"do": "ping"})
    assert await socket.receive_json_from(5) == {"kind": "pong"}
    await socket.disconnect()
