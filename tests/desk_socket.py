"""The socket of a desk, without a server between: what it is sent, signal by signal."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client

from agentdesk.asgi import application


class DeskSocket(WebsocketCommunicator):
    """Reads what stands in a list of several signals one by one."""

    def __init__(self, client: Client, most_unread: int = 0) -> None:
        name = settings.SESSION_COOKIE_NAME
        headers = [
            (b"cookie", f"{name}={client.cookies[name].value}".encode()),
            (b"origin", b"http://localhost"),
            (b"host", b"localhost"),
        ]
        super().__init__(application, "/ws/desk/", headers=headers)
        self._output_queue: asyncio.Queue[Any] = asyncio.Queue(most_unread)
        self.left: deque[dict[str, Any]] = deque()

    async def receive_signal(self, seconds: float = 20) -> dict[str, Any]:
        if not self.left:
            content = await self.receive_json_from(seconds)
            self.left.extend(content if isinstance(content, list) else [content])
        return self.left.popleft()

    async def watch(self, *topics: str) -> list[str]:
        """Those of the topics that it may watch."""
        await self.send_json_to({"do": "watch", "topics": list(topics)})
        watching = await self.receive_signal()
        assert watching["kind"] == "watching"
        return list(watching["topics"])


@asynccontextmanager
async def desk_socket(
    client: Client, *topics: str, most_unread: int = 0
) -> AsyncIterator[DeskSocket]:
    """The socket of a desk that watches these topics."""
    socket = DeskSocket(client, most_unread)
    assert (await socket.connect())[0]
    assert await socket.watch(*topics) == sorted(topics)
    yield socket
    await socket.disconnect()
    await database_sync_to_async(connections.close_all)()
