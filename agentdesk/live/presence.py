"""Who looks at, or writes in, something now. In Valkey only: it rebuilds itself."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from agentdesk.database import PATIENCE_SECONDS
from agentdesk.live.valkey import valkey

HEARTBEAT_SECONDS = 20
_ALIVE_SECONDS = 3 * HEARTBEAT_SECONDS
_KEY = "agentdesk:presence:{topic}"
_STAFFED_KEY = "agentdesk:staffed:{account}"
_DESK_KEY = "agentdesk:desk:{user}"


@dataclass(frozen=True)
class Present:
    user_id: int
    is_writing: bool


def _fresh(entries: dict[Any, Any]) -> set[Present]:
    now = time.time()
    found: dict[int, bool] = {}
    for value in entries.values():
        user_id, writing, seen = value.split(":")
        if now - float(seen) < _ALIVE_SECONDS:
            found[int(user_id)] = found.get(int(user_id), False) or writing == "1"
    return {Present(user_id, is_writing) for user_id, is_writing in found.items()}


def _untimed(value: str) -> str:
    return value.rsplit(":", 1)[0]


def present_at(topic: str) -> set[Present]:
    """Everyone at `topic` now; nobody while Valkey is away."""
    try:
        with valkey() as client:
            return _fresh(client.hgetall(_KEY.format(topic=topic)))
    except (redis.RedisError, OSError):
        return set()


class PresenceBoard:
    """The same board as a socket sees it; one connection pool a process."""

    def __init__(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )

    async def arrive(self, topic: str, socket: str, present: Present) -> bool:
        """Note a heartbeat; True if others see something new by it."""
        key = _KEY.format(topic=topic)
        value = f"{present.user_id}:{int(present.is_writing)}:{time.time():.0f}"
        before = await self._redis.hget(key, socket)
        await self._redis.hset(key, socket, value)
        await self._redis.expire(key, _ALIVE_SECONDS)
        return before is None or _untimed(str(before)) != _untimed(value)

    async def keep_staffed(self, account_ids: Iterable[int]) -> None:
        """A desk of these accounts is open; said again with every heartbeat."""
        for account_id in account_ids:
            key = _STAFFED_KEY.format(account=account_id)
            await self._redis.set(key, 1, ex=_ALIVE_SECONDS)

    async def keep_desk_open(self, user_id: int) -> None:
        """They have a desk open; reported again with every heartbeat."""
        await self._redis.set(_DESK_KEY.format(user=user_id), 1, ex=_ALIVE_SECONDS)

    async def leave(self, topic: str, socket: str) -> None:
        await self._redis.hdel(_KEY.format(topic=topic), socket)


def is_staffed(account_id: int) -> bool:
    """Whether a member of the account has a desk open; True while Valkey is away."""
    try:
        with valkey() as client:
            return bool(client.exists(_STAFFED_KEY.format(account=account_id)))
    except (redis.RedisError, OSError):
        return True


def users_at_desk(user_ids: Sequence[int]) -> set[int] | None:
    """Which of them have a desk open now; None while Valkey is away."""
    if not user_ids:
        return set()
    try:
        with valkey() as client:
            found = client.mget([_DESK_KEY.format(user=one) for one in user_ids])
    except (redis.RedisError, OSError):
        return None
    return {pk for pk, is_open in zip(user_ids, found, strict=True) if is_open}
