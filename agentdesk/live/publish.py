"""Telling open screens that something changed: after commit, ids and kinds only."""

import atexit
import queue
import threading
import time
from collections.abc import Iterable

import structlog
from django.db import transaction
from redis.exceptions import RedisError

from agentdesk.live.signals import Ids, Signal, channel, pack, signal
from agentdesk.live.valkey import valkey

log = structlog.get_logger(__name__)

# Signals that wait while Valkey is slow; screens re-read what they missed.
_MOST_WAITING = 10_000
_MOST_AT_ONCE = 500
# What one transaction publishes leaves together: sockets gather what comes afterwards.
_TOGETHER_SECONDS = 0.002
_AGAIN_SECONDS = 0.25
_MOST_SECONDS = 20.0
_LAST_SECONDS = 2.0


def publish(topic: str, kind: str, **ids: int | str) -> None:
    """Send the signal `kind` to every screen that watches `topic`, after commit.

    At most once and best effort: a screen that missed it re-reads after reconnecting.
    """

    def send() -> None:  # not a partial: Django names a failed hook by __qualname__
        send_now(topic, kind, ids)

    transaction.on_commit(send, robust=True)


def send_now(topic: str, kind: str, ids: Ids) -> None:
    """The same outside any transaction. Never waits and never raises."""
    _sender.put(signal(topic, kind, ids))


class _Sender:
    """One thread of a process for all that it publishes.

    What came while one message was on its way is the next message.
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
            log.warning("signals_dropped", topic=signal.topic, kind=signal.kind)

    def _run(self) -> None:
        is_over = False
        while not is_over:
            batch = self._batch()
            is_over = None in batch
            # The same thing said twice in one breath is said once.
            signals = dict.fromkeys(one for one in batch if one)
            try:
                _send_all(signals)
            except Exception:  # whatever it is, the next signal must leave
                log.exception("signals_lost", count=len(signals))

    def _batch(self) -> list[Signal | None]:
        batch = [self._waiting.get()]
        time.sleep(_TOGETHER_SECONDS)
        while len(batch) < _MOST_AT_ONCE:
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return batch

    def _finish(self) -> None:
        """What a command has published leaves before its process does."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(_LAST_SECONDS)


def _send_all(signals: Iterable[Signal]) -> None:
    """What cannot be sent for so long is left: screens read anew once Valkey is back."""
    message = pack(signals)
    deadline = time.monotonic() + _MOST_SECONDS
    while message and not _is_sent(message) and time.monotonic() < deadline:
        time.sleep(_AGAIN_SECONDS)


def _is_sent(message: str) -> bool:
    try:
        with valkey() as client:
            client.publish(channel(), message)
    except (RedisError, OSError):
        return False
    return True


_sender = _Sender()
