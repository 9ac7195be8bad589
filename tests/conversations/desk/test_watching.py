"""A screen that begins to watch hears how far the thread has come, and asks only if behind."""

from uuid import uuid4

import pytest
from channels.db import database_sync_to_async

from agentdesk.live.consumer import DeskConsumer
from conversations.choices import Channel
from conversations.inbound.receive import receive_message
from conversations.inquiries.actions.mark_read import mark_read
from conversations.models import Conversation, Inbox, Message
from tests.desk_socket import desk_socket

pytestmark = pytest.mark.django_db(transaction=True)


def written(conversation: Conversation, inbox: Inbox) -> Message:
    return receive_message(
        conversation.customer,
        inbox=inbox,
        channel=Channel.WEBCHAT,
        body="サイズを交換したいです",
        client_id=uuid4(),
    ).message


@pytest.fixture
def desk(client_of, agent, monkeypatch):
    monkeypatch.setattr(DeskConsumer, "board", None)  # of the loop of each test
    return client_of(agent)


async def test_new_topics_say_how_far_they_have_come(desk, conversation, webchat):
    message = await database_sync_to_async(written)(conversation, webchat)
    topic = f"conversation:{conversation.pk}"
    async with desk_socket(desk) as socket:
        watching = {"kind": "watching", "topics": [topic]}
        await socket.send_json_to({"do": "watch", "topics": [topic]})
        assert await socket.receive_signal() == watching | {
            "cursors": {topic: message.pk}
        }
        await socket.send_json_to({"do": "watch", "topics": [topic]})
        assert await socket.receive_signal() == watching


async def test_a_reading_is_said_as_one_and_changes_no_message(
    desk, agent, conversation, webchat
):
    message = await database_sync_to_async(written)(conversation, webchat)
    topic = f"conversation:{conversation.pk}"
    async with desk_socket(desk, topic) as socket:
        await database_sync_to_async(mark_read)(conversation, member=agent)
        signal = await socket.receive_signal()
        assert (signal["topic"], signal["kind"]) == (topic, "messages_read")
        assert signal["ids"] == {"message": message.pk}


async def test_who_comes_is_said_with_their_user(desk, agent, conversation):
    topic = f"conversation:{conversation.pk}"
    async with desk_socket(desk, topic) as socket:
        await socket.send_json_to({"do": "here", "topic": topic, "writing": False})
        signal = await socket.receive_signal()
        assert signal["kind"] == "presence_changed"
        assert signal["ids"] == {"user": agent.user_id}
