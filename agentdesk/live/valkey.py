"""The one client of a process for short questions to Valkey, and whether it answers.

A Valkey that is dead refuses at once; one that is frozen says nothing for as long as one
waits. So nobody waits longer than a second, and once it is known not to answer
nobody waits at all: a thread of its own asks until it does.
"""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

import redis
import structlog
from django.conf import settings

from agentdesk.database import client_options

log = structlog.get_logger(__name__)

_PROBE_SECONDS = 0.25
# So long after the last question nobody needs to know any more.
_FORGET_SECONDS = 30.0


class AwayError(redis.ConnectionError):
    """Valkey did not answer a moment ago, so it is not asked."""


class Guard:
    """Whether the server at `url` answers, as far as this process knows."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._is_away = False
        self._wanted_at = 0.0

    @property
    def is_away(self) -> bool:
        self._wanted_at = time.monotonic()
        return self._is_away

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around a question. Raises AwayError without one while it does not answer."""
        if self.is_away:
            raise AwayError("Valkey does not answer")
        try:
            yield
        except (redis.ConnectionError, redis.TimeoutError, OSError) as error:
            self.note_failure(error)
            raise

    def note_failure(self, error: BaseException) -> None:
        with self._lock:
            if self._is_away:
                return
            self._is_away = True
        log.warning("valkey_away", error=repr(error))
        threading.Thread(target=self._probe, name="valkey-probe", daemon=True).start()

    def _probe(self) -> None:
        with redis.Redis.from_url(self._url, **client_options()) as client:
            while time.monotonic() - self._wanted_at < _FORGET_SECONDS:
                time.sleep(_PROBE_SECONDS)
                try:
                    client.ping()
                except (redis.RedisError, OSError):
                    continue
                log.info("valkey_is_back")
                break
        self._is_away = False


@lru_cache(maxsize=8)
def guard_of(url: str) -> Guard:
    return Guard(url)


def guard() -> Guard:
    return guard_of(settings.REDIS_URL)


@contextmanager
def valkey() -> "Iterator[redis.Redis]":
    """Raises redis.RedisError or OSError while Valkey is away."""
    with guard().asking():
        yield _client(settings.REDIS_URL)


async def if_it_answers(act: Callable[[], Awaitable[None]]) -> None:
    """For what a socket may leave undone: a later heartbeat or signal makes up for it."""
    with suppress(redis.RedisError, OSError), guard().asking():
        await act()


@lru_cache(maxsize=2)
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, decode_responses=True, **client_options())
