"""What the sockets of desks and of visitors have in common."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, ClassVar

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from agentdesk.live.client_frames import Pace, read_frame
from agentdesk.live.listener import Listener

TOO_MUCH = 4429


class LiveConsumer(AsyncJsonWebsocketConsumer):
    """Takes its client's frames one after the other; signals go past it, by its listener."""

    most_frames: ClassVar[int]  # in ten seconds
    longest_frame: ClassVar[int]  # characters

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Without what Channels does for its layer: a task and two threads for each frame."""
        self.scope = scope
        self.base_send = send
        self.listener: Listener = scope["listener"]
        self.pace = Pace(self.most_frames)
        with suppress(StopConsumer):
            while True:
                frame = await receive()
                await getattr(self, frame["type"].replace(".", "_"))(frame)

    async def receive(self, text_data: str | None = None, **kwargs: Any) -> None:
        is_fine = text_data is not None and len(text_data) <= self.longest_frame
        if text_data is None or not is_fine or not self.pace.is_within_limit():
            await self.close(code=TOO_MUCH)
            return
        await self.receive_json(read_frame(text_data))
