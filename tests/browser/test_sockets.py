"""The desk's sockets on the real server: who hears what, and when they are closed."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from agentdesk.accounts.models import Session
from agentdesk.live.consumer import SESSION_ENDED
from agentdesk.live.publish import send_now
from agentdesk.live.sessions import CHECK_SECONDS
from conversations.choices import Channel
from conversations.models import Visitor
from tests.browser.conftest import outside, wait_until_idle
from tests.conversations.webchat.chat import ChatVisitor
from tests.receiving import receive_message

_MORE_THAN_FITS = 100  # signals of 60 kB
Opening = Callable[..., ClientConnection]


@pytest.fixture
def socket_of(server, client_of) -> Iterator[Opening]:
    """Opens the desk's socket as that member, or as nobody."""
    with ExitStack() as stack:

        def opening(member=None, **options) -> ClientConnection:
            headers = {}
            if member:
                cookie = client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
                headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
            address = f"{server.replace('http', 'ws')}/ws/desk/"
            line = connect(
                address, origin=server, additional_headers=headers, **options
            )
            return stack.enter_context(line)

        yield opening
    outside(lambda: wait_until_idle(server))


def request(line: ClientConnection, **frame) -> dict[str, Any]:
    line.send(json.dumps(frame))
    answer: dict[str, Any] = json.loads(line.recv(timeout=10))
    return answer


@pytest.fixture
def topics(account, agent, conversation) -> list[str]:
    return [
        f"account:{account.pk}",
        f"conversation:{conversation.pk}",
        f"customer:{conversation.customer_id}",
        f"member:{agent.pk}",
    ]


def test_a_stranger_hears_nothing_of_another_account(
    socket_of, agent, stranger, conversation, webchat, topics
):
    theirs, ours = socket_of(stranger), socket_of(agent)
    assert request(theirs, do="watch", topics=topics) == {
        "kind": "watching",
        "topics": [],
    }
    assert request(ours, do="watch", topics=topics)["topics"] == sorted(topics)
    outside(
        lambda: receive_message(
            conversation.customer,
            inbox=webchat,
            channel=Channel.WEBCHAT,
            body="内緒",
            client_id=uuid4(),
        )
    )
    assert "内緒" not in str(ours.recv(timeout=10))
    assert request(theirs, do="ping") == {"kind": "pong"}


def test_nobody_is_closed_out_at_once(socket_of):
    with pytest.raises(ConnectionClosed) as closed:
        socket_of().recv(timeout=10)
    assert closed.value.rcvd.code == SESSION_ENDED


def test_topics_of_others_are_not_heard_nor_kinds_that_are_not_for_the_desk(
    socket_of, agent, admin, stranger, conversation, webchat
):
    visitor = ChatVisitor(webchat)
    outside(lambda: (visitor.begin(), visitor.send("こんにちは")))
    others = [
        f"member:{admin.pk}",
        f"member:{stranger.pk}",
        *(f"user:{member.user_id}" for member in (agent, admin, stranger)),
        f"visitor:{Visitor.objects.get().pk}",
        f"account:{stranger.account_id}",
    ]
    own = f"member:{agent.pk}"
    answer = request(socket_of(agent), do="watch", topics=[own, *others])
    assert answer["topics"] == [own]


def test_idle_sockets_of_desk_and_chat_live_through_the_check_of_sessions(
    socket_of, server, agent, webchat, topics
):
    visitor = ChatVisitor(webchat)
    outside(lambda: (visitor.begin(), visitor.send("こんにちは")))
    desk = socket_of(agent)
    request(desk, do="watch", topics=topics)
    path = f"{server.replace('http', 'ws')}/ws/chat/{webchat.key}/"
    with connect(path, origin=server) as chat:
        assert request(chat, do="hello", token=visitor.token) == {"kind": "hello"}
        with pytest.raises(TimeoutError):
            desk.recv(timeout=max(16, CHECK_SECONDS + 1))
        for line in (desk, chat):
            assert request(line, do="ping") == {"kind": "pong"}


def test_a_socket_is_closed_when_its_session_is_over(socket_of, agent, topics):
    line = socket_of(agent)
    request(line, do="watch", topics=topics)
    Session.objects.filter(user=agent.user).delete()
    with pytest.raises(ConnectionClosed) as closed:
        line.recv(timeout=3 * CHECK_SECONDS)
    assert closed.value.rcvd.code == SESSION_ENDED


def a_narrow_way(server: str) -> socket.socket:
    """A connection that holds little of what its client does not read."""
    address = urlsplit(server)
    way = socket.socket()
    way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    way.connect((address.hostname, address.port))
    return way


def test_a_client_that_does_not_read_is_told_to_read_anew(
    server, socket_of, agent, topics
):
    lazy = socket_of(agent, sock=a_narrow_way(server), max_queue=1, ping_interval=None)
    other = socket_of(agent)
    for line in (lazy, other):
        request(line, do="watch", topics=topics)
    # More than the system keeps for a connection, and then something new again.
    for number in range(_MORE_THAN_FITS):
        send_now(topics[0], "list_changed", {"filler": f"{number}:" + "x" * 60_000})
        assert f'"{number}:' in str(other.recv(timeout=30))
    lazy.send(json.dumps({"do": "ping"}))
    frames = [str(lazy.recv(timeout=30))]
    while not ('{"kind": "pong"}' in frames and '{"kind":"resync"}' in frames[-2:]):
        frames.append(str(lazy.recv(timeout=30)))
    assert not any(f'"{_MORE_THAN_FITS - 1}:' in frame for frame in frames)
    send_now(topics[0], "list_changed", {"inquiry": 1})
    assert json.loads(lazy.recv(timeout=10))["ids"] == {"inquiry": 1}
