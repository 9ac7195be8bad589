"""The watch over sockets: it closes those whose session has ended, and no other."""

import asyncio

import pytest
from django.db import OperationalError

from agentdesk.live import sessions


class Socket:
    def __init__(self, error: Exception | None = None) -> None:
        self.ended = asyncio.Event()
        self.error = error

    async def session_ended(self) -> None:
        self.ended.set()
        if self.error:
            raise self.error


@pytest.fixture
def living(monkeypatch):
    """What the database says of the sessions, time after time."""
    monkeypatch.setattr(sessions, "CHECK_SECONDS", 0.0)

    def saying(*replies):
        left = list(replies)

        async def look(keys):
            await asyncio.sleep(0)
            reply = left.pop(0) if len(left) > 1 else left[0]
            return reply(keys) if callable(reply) else reply

        monkeypatch.setattr(sessions, "database_sync_to_async", lambda _act: look)

    return saying


async def test_a_socket_that_comes_while_one_asks_is_not_closed(living):
    watch, old, new = sessions.SessionWatch(), Socket(), Socket()

    def meanwhile(keys):
        watch.add("new", new)
        return set()

    living(meanwhile, {"new"})
    watch.add("old", old)
    await asyncio.wait_for(old.ended.wait(), 10)
    watch.remove("old", old)
    for _turn in range(50):
        await asyncio.sleep(0)
    assert not new.ended.is_set()
    watch.remove("new", new)


async def test_one_error_of_the_database_does_not_end_the_watch(living):
    def away(keys):
        raise OperationalError("the connection is lost")

    watch, socket = sessions.SessionWatch(), Socket()
    living(away, away, set())
    watch.add("a", socket)
    await asyncio.wait_for(socket.ended.wait(), 10)
    watch.remove("a", socket)


async def test_a_socket_that_cannot_be_closed_keeps_no_other_open(living):
    watch = sessions.SessionWatch()
    several = [Socket(RuntimeError("it has gone")) for _n in range(3)]
    living(set())
    for number, socket in enumerate(several):
        watch.add(str(number), socket)
    for socket in several:
        await asyncio.wait_for(socket.ended.wait(), 10)
    for number, socket in enumerate(several):
        watch.remove(str(number), socket)
