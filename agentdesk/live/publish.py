"""Telling open screens that something changed: after commit, ids and kinds only."""

import asyncio
import atexit
import queue
import threading
import time
from collections.abc import Iterable

import structlog
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from agentdesk.live.valkey import guard

log = structlog.get_logger(__name__)

Ids = dict[str, int | str]
Signal = tuple[str, str, Ids]

# Signals that wait while Valkey is slow; screens re-read what they missed.
_MOST_WAITING = 10_000
_AGAIN_SECONDS = 0.25
_MOST_SECONDS = 20.0
_LAST_SECONDS = 2.0


def group_name(topic: str) -> str:
    """A topic ("conversation:12") as the channel layer spells its groups."""
    return topic.replace(":", ".")


def publish(topic: str, kind: str, **ids: int | str) -> None:
    """Send the signal `kind` to every screen that watches `topic`, after commit.

    At most once and best effort: a screen that missed it re-reads after reconnecting.
    """

    def send() -> None:  # not a partial: Django names a failed hook by __qualname__
        send_now(topic, kind, ids)

    transaction.on_commit(send, robust=True)


def send_now(topic: str, kind: str, ids: Ids) -> None:
    """The same outside any transaction. Never waits and never raises."""
    _sender.put((topic, kind, ids))


class _Sender:
    """One thread and one connection of a process, for all that it publishes.

    `async_to_sync` would make a loop, and with it a connection, for every signal.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: queue.Queue[Signal | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None

    def put(self, signal: Signal) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="live-publish", daemon=True
                )
                self._thread.start()
                atexit.register(self._finish)
        try:
            self._waiting.put_nowait(signal)
        except queue.Full:
            log.warning("signals_dropped", topic=signal[0], kind=signal[1])

    def _run(self) -> None:
        is_over = False
        while not is_over:
            with asyncio.Runner() as runner:
                is_over = self._send_with(runner)

    def _send_with(self, runner: asyncio.Runner) -> bool:
        """Until the end (True), or until something went wrong with this loop (False)."""
        while True:
            batch = self._batch()
            # The same thing said twice in one breath is said once.
            signals = {repr(signal): signal for signal in batch if signal}
            try:
                runner.run(_send_all(signals.values()))
            except Exception:  # whatever it is, the next signal must leave
                log.exception("signals_lost", count=len(signals))
                return None in batch
            if None in batch:
                return True

    def _batch(self) -> list[Signal | None]:
        batch = [self._waiting.get()]
        while True:
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                return batch

    def _finish(self) -> None:
        """What a command has published leaves before its process does."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(_LAST_SECONDS)


async def _send_all(signals: Iterable[Signal]) -> None:
    """What cannot be sent for so long is left: screens read anew once Valkey is back."""
    deadline = time.monotonic() + _MOST_SECONDS
    for signal in signals:
        while not await _is_sent(signal) and time.monotonic() < deadline:
            await asyncio.sleep(_AGAIN_SECONDS)


async def _is_sent(signal: Signal) -> bool:
    topic, kind, ids = signal
    message = {"type": "signal", "topic": topic, "kind": kind, "ids": ids}
    if guard().is_away:
        return False
    try:
        await get_channel_layer().group_send(group_name(topic), message)
    except (RedisError, OSError) as error:
        guard().note_failure(error)
        return False
    return True


_sender = _Sender()
