"""Signals on their way to the open desks: gathered, in order, each once."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from agentdesk.accounts.models import Membership, Session
from agentdesk.live import hub, listener
from agentdesk.live.consumer import SESSION_ENDED, DeskConsumer
from agentdesk.live.publish import send_now
from tests.desk_socket import DeskSocket, desk_socket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(client_of, agent, monkeypatch) -> Client:
    monkeypatch.setattr(DeskConsumer, "board", None)  # of the loop of each test
    return client_of(agent)


@pytest.fixture
def topic(account) -> str:
    return f"account:{account.pk}"


def say(topic: str, *numbers: int) -> None:
    for number in numbers:
        send_now(topic, "list_changed", {"inquiry": number})


def numbers_in(content: Any) -> list[int]:
    several = content if isinstance(content, list) else [content]
    return [signal["ids"]["inquiry"] for signal in several]


async def frames_until(socket: DeskSocket, last: int) -> list[list[int]]:
    frames = [numbers_in(await socket.receive_json_from(20))]
    while last not in frames[-1]:
        frames.append(numbers_in(await socket.receive_json_from(20)))
    return frames


async def test_what_comes_in_one_breath_leaves_as_few_frames_in_order_each_once(
    desk, topic
):
    async with desk_socket(desk, topic) as socket:
        for _time in range(3):
            say(topic, *range(100))
        say(topic, 100)
        frames = await frames_until(socket, 100)
        numbers = [number for frame in frames for number in frame]
        assert list(dict.fromkeys(numbers)) == [*range(101)]
        assert all(len(frame) == len(set(frame)) for frame in frames)
        assert len(frames) < 20


async def test_the_first_leave_at_once_and_what_follows_is_gathered(
    desk, topic, monkeypatch
):
    monkeypatch.setattr(hub, "_GATHER_SECONDS", 3600.0)
    async with desk_socket(desk, topic) as socket:
        for number in range(hub._FRAMES_AT_ONCE):
            say(topic, number)
            assert await frames_until(socket, number) == [[number]]
        say(topic, 100)
        assert await socket.receive_nothing(0.3)


async def test_a_socket_hears_what_it_watches_now_and_nothing_else(
    desk, topic, agent, stranger
):
    own = f"member:{agent.pk}"
    async with desk_socket(desk, topic, own) as socket:
        assert await socket.watch(own, f"account:{stranger.account_id}") == [own]
        say(f"account:{stranger.account_id}", 1)
        say(topic, 2)
        say(own, 3)
        assert await frames_until(socket, 3) == [[3]]


async def test_nothing_of_a_lost_account_passes_while_the_rights_are_checked(
    desk, topic, agent
):
    own = f"member:{agent.pk}"
    async with desk_socket(desk, topic) as socket:
        await sync_to_async(Membership.objects.filter(pk=agent.pk).update)(
            is_active=False
        )
        send_now(f"user:{agent.user_id}", "access_changed", {})
        say(topic, 1)
        say(own, 2)
        assert await socket.receive_json_from(20) == {"kind": "watching", "topics": []}
        assert await socket.receive_nothing(0.3)


async def test_signing_out_everywhere_closes_the_socket_at_once(desk, topic, agent):
    async with desk_socket(desk, topic) as socket:
        await sync_to_async(Session.objects.filter(user=agent.user).delete)()
        send_now(f"user:{agent.user_id}", "signed_out", {})
        assert (await socket.receive_output(10))["code"] == SESSION_ENDED


async def test_a_client_that_does_not_read_loses_signals_and_then_reads_anew(
    desk, topic
):
    async with (
        desk_socket(desk, topic) as other,
        desk_socket(desk, topic, most_unread=1) as slow,
    ):
        for number in range(1, 6):
            say(topic, number)
            assert await frames_until(other, number) == [[number]]
        assert await frames_until(slow, 2) == [[1], [2]]
        assert await slow.receive_json_from(10) == {"kind": "resync"}
        say(topic, 6)
        assert await frames_until(slow, 6) == [[6]]


async def test_a_client_that_never_reads_is_cut_off(desk, topic, monkeypatch):
    monkeypatch.setattr(listener, "PATIENCE_SECONDS", 0.2)
    async with desk_socket(desk, topic) as other:
        slow = DeskSocket(desk, most_unread=1)
        assert (await slow.connect())[0]
        assert await slow.watch(topic) == [topic]
        for number in (1, 2):
            say(topic, number)
            assert await frames_until(other, number) == [[number]]
        await asyncio.wait([slow.future], timeout=10)
        assert slow.future.cancelled()
        say(topic, 3)
        assert await frames_until(other, 3) == [[3]]
