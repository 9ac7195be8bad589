"""A Valkey that is frozen, not dead: it takes connections and never answers."""

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from django.conf import settings as current
from django.core.cache import cache

from agentdesk import database
from agentdesk.celery import app
from agentdesk.live import valkey
from agentdesk.live.presence import is_staffed, present_at
from conversations.models import Message, ProviderEvent
from conversations.webchat.limits import Limit, retry_after
from tests.agentdesk.accounts.test_sign_in import sign_in
from tests.conversations.providers.line import PROVIDER, write
from tests.conversations.webchat.chat import ChatVisitor
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

# Frozen for ever, it would be waited for as long as the test may take.
A_SECOND_AND_WORK = 5.0


class Frozen:
    """Answers nobody, until it is thawed: then it is the real one of the tests."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "socket"
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self._path))
        self._socket.listen(128)
        self._real, _mark, self._query = current.REDIS_URL.partition("?")
        self.url = f"unix://{self._path}?{self._query}"

    def thaw(self) -> None:
        os.unlink(self._path)
        os.symlink(self._real.removeprefix("unix://"), self._path)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def frozen(settings) -> Iterator[Frozen]:
    folder = Path(tempfile.mkdtemp(prefix="frozen-"))
    with closing(Frozen(folder)) as server:
        settings.REDIS_URL = server.url
        location = {"LOCATION": server.url}
        settings.CACHES = {"default": settings.CACHES["default"] | location}
        before = app.conf.task_always_eager, app.conf.broker_write_url
        app.conf.task_always_eager = False
        app.conf.broker_write_url = database.as_broker_url(server.url)
        yield server
        app.conf.task_always_eager, app.conf.broker_write_url = before
        server.thaw()
        until(lambda: not valkey.guard_of(server.url).is_away)
    shutil.rmtree(folder)


def timed(act) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue)


@pytest.fixture
def waiting_tasks():
    """How many tasks the real broker has; none of an earlier test."""
    with redis.Redis.from_url(current.REDIS_URL) as client:
        client.delete("celery")
        yield lambda: client.llen("celery")
        client.delete("celery")


def test_a_webhook_is_acknowledged_from_postgresql_alone(inbox, waiting_tasks, frozen):
    def post():
        assert PROVIDER.post(inbox, write("届きますか")).status_code == 200

    assert timed(post) < A_SECOND_AND_WORK
    assert sum(timed(post) for _again in range(5)) < A_SECOND_AND_WORK
    assert ProviderEvent.objects.count() == 6
    assert waiting_tasks() == 0
    frozen.thaw()
    until(waiting_tasks, 10)  # at once, not with the next sweep


def test_nobody_waits_who_can_know_that_it_does_not_answer(frozen):
    assert timed(lambda: present_at("conversation:1")) < A_SECOND_AND_WORK
    guard = valkey.guard()
    assert guard.is_away
    limit = Limit("frozen", 3, 3600)
    several = [
        lambda: cache.set("name", 1, 60),
        lambda: cache.get("name"),
        lambda: is_staffed(1),
        lambda: [retry_after(limit, "someone") for _n in range(50)],
    ]
    assert sum(timed(one) for one in several * 5) < A_SECOND_AND_WORK
    assert retry_after(limit, "someone") > 0
    frozen.thaw()
    until(lambda: not guard.is_away, 10)
    assert retry_after(limit, "someone") == 0


@pytest.mark.usefixtures("frozen")
def test_the_chat_the_desk_and_signing_in_go_on(webchat, client, client_of, agent):
    def everything():
        visitor = ChatVisitor(webchat)
        visitor.begin()
        assert visitor.send("届きますか").status_code == 201
        assert sign_in(client, agent).status_code == 302
        assert client_of(agent).get("/desk/").status_code == 200

    assert timed(everything) < 3 * A_SECOND_AND_WORK
    assert Message.objects.filter(kind="text").count() == 1


@pytest.mark.usefixtures("frozen")
def test_guessing_passwords_is_limited_all_the_same(client, agent):
    for _try in range(5):
        sign_in(client, agent, password="not-it-at-all")
    assert "数分待って" in sign_in(client, agent).content.decode()
