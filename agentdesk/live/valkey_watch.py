"""Sockets re-read their screens after Valkey was away: its signals are lost meanwhile."""

import asyncio
from typing import Protocol

import redis.asyncio
import structlog
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from agentdesk.database import PATIENCE_SECONDS
from agentdesk.live.sessions import quietly

log = structlog.get_logger(__name__)

_CHECK_SECONDS = 2.0
# The channel layer subscribes again within this time after Valkey is back.
_SUBSCRIBING_SECONDS = 2.0


class LiveSocket(Protocol):
    async def resync(self) -> None: ...


class ValkeyWatch:
    """Knows the open sockets of this process, and which run of Valkey they hear."""

    def __init__(self) -> None:
        self._sockets: set[LiveSocket] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, socket: LiveSocket) -> None:
        self._sockets.add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._check_forever())

    def remove(self, socket: LiveSocket) -> None:
        self._sockets.discard(socket)

    async def _check_forever(self) -> None:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        heard = await _run_of(client)
        # A cancellation may arrive as an error of the client's, which is no reason to go on.
        while self._sockets and not _is_cancelled():
            await asyncio.sleep(_CHECK_SECONDS)
            now = await _run_of(client)
            if now and now != heard:
                log.info("valkey_is_back", sockets=len(self._sockets))
                await asyncio.sleep(_SUBSCRIBING_SECONDS)
                for socket in list(self._sockets):
                    await quietly(socket.resync)
            heard = now
        await client.aclose()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _run_of(client: "redis.asyncio.Redis") -> str:
    """What names this run of the server; empty while it does not answer."""
    try:
        return str((await client.info("server"))["run_id"])
    except (RedisError, OSError):
        return ""


watch = ValkeyWatch()
