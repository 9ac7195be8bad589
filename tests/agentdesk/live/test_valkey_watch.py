"""Screens read themselves again after Valkey was away."""

import asyncio

import pytest

from agentdesk.live import valkey_watch


class Socket:
    def __init__(self) -> None:
        self.told = asyncio.Event()

    async def resync(self) -> None:
        self.told.set()


@pytest.fixture
def runs(monkeypatch):
    """The runs of Valkey that the watch meets, one after the other."""
    monkeypatch.setattr(valkey_watch, "_CHECK_SECONDS", 0.0)
    monkeypatch.setattr(valkey_watch, "_SUBSCRIBING_SECONDS", 0.0)

    def meeting(*names: str) -> None:
        left = list(names)

        async def run_of(client: object) -> str:
            await asyncio.sleep(0)
            return left.pop(0) if len(left) > 1 else left[0]

        monkeypatch.setattr(valkey_watch, "_run_of", run_of)

    return meeting


@pytest.mark.parametrize("met", [("a", "b"), ("a", "", "a"), ("a", "", "b"), ("", "a")])
async def test_sockets_read_again_once_valkey_is_back(runs, met):
    runs(*met)
    watch, socket = valkey_watch.ValkeyWatch(), Socket()
    watch.add(socket)
    await asyncio.wait_for(socket.told.wait(), 10)
    watch.remove(socket)


async def test_nothing_is_read_again_while_valkey_lives(runs):
    runs("a", "a", "a", "a")
    watch, socket = valkey_watch.ValkeyWatch(), Socket()
    watch.add(socket)
    for _turn in range(50):
        await asyncio.sleep(0)
    assert not socket.told.is_set()
    watch.remove(socket)


async def test_the_watch_ends_with_its_last_socket(runs):
    runs("a")
    watch, socket = valkey_watch.ValkeyWatch(), Socket()
    watch.add(socket)
    watch.remove(socket)
    assert watch._task is not None
    await asyncio.wait_for(watch._task, 10)
