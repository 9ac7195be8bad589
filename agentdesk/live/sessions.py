"""Closing sockets whose session has ended: one query for all sockets of a process."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from channels.db import database_sync_to_async
from django.db import Error
from django.utils import timezone

from agentdesk.accounts.models import Session

log = structlog.get_logger(__name__)

CHECK_SECONDS = 15


class SessionSocket(Protocol):
    async def session_ended(self) -> None: ...


class SessionWatch:
    """Knows every socket of this process by its session key."""

    def __init__(self) -> None:
        self._sockets: dict[str, set[SessionSocket]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def add(self, session_key: str, socket: SessionSocket) -> None:
        self._sockets[session_key].add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._check_forever())

    def remove(self, session_key: str, socket: SessionSocket) -> None:
        self._sockets[session_key].discard(socket)
        if not self._sockets[session_key]:
            del self._sockets[session_key]

    async def _check_forever(self) -> None:
        while self._sockets:
            await asyncio.sleep(CHECK_SECONDS)
            await self._check()

    async def _check(self) -> None:
        """A socket that comes while one asks is asked about the next time."""
        keys = list(self._sockets)
        try:
            alive = await database_sync_to_async(_living)(keys)
        except Error as error:
            log.warning("sessions_not_checked", error=str(error))
            return
        for key in set(keys) - alive:
            for socket in list(self._sockets.get(key, ())):
                await quietly(socket.session_ended)


async def quietly(act: Callable[[], Awaitable[None]]) -> None:
    """What one socket cannot do, having gone meanwhile, keeps it from no other."""
    try:
        await act()
    except Exception:
        log.exception("socket_failed")


def _living(keys: list[str]) -> set[str]:
    return set(
        Session.objects.filter(
            session_key__in=keys, expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )


watch = SessionWatch()
