"""The one socket of a desk tab. It carries signals and heartbeats, never content."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from redis.exceptions import RedisError

from agentdesk.accounts.access import access_of
from agentdesk.accounts.idle import is_resting
from agentdesk.accounts.models import Session, User
from agentdesk.live.frames import Pace, read_frame
from agentdesk.live.presence import HEARTBEAT_SECONDS, PresenceBoard, Present
from agentdesk.live.publish import group_name
from agentdesk.live.sessions import watch
from agentdesk.live.topics import allowed_topics
from agentdesk.live.valkey import if_it_answers
from agentdesk.live.valkey_watch import watch as valkey_watch

SESSION_ENDED = 4401
TOO_MUCH = 4429
MAX_TOPICS = 60
MAX_FRAME = 16_000  # characters
# In ten seconds: every screen that is opened watches anew, and every key may write.
_FRAMES = 300
_CHECKS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live-check")


class DeskConsumer(AsyncJsonWebsocketConsumer):
    """Client frames: `{"do": "watch", "topics": [...]}` (all topics of the screen),
    `{"do": "here", "topic": "conversation:12", "writing": false}` (every 20 s; topic
    null on leaving), `{"do": "ping"}`.

    Server frames: `{"kind": "watching", "topics": [...]}` (those allowed),
    `{"kind": ..., "topic": ..., "ids": {...}}`, `{"kind": "pong"}`, and
    `{"kind": "resync"}` where signals may have been lost.
    """

    board: ClassVar[PresenceBoard | None] = None

    async def connect(self) -> None:
        self.topics: set[str] = set()
        self.place: str | None = None
        self.account_ids: list[int] = []
        self.staffed_at = 0.0
        self.pace = Pace(_FRAMES)
        self.user = self.scope.get("user")
        self.session_key: str = (
            getattr(self.scope.get("session"), "session_key", "") or ""
        )
        await self.accept()
        if (
            not isinstance(self.user, User)
            or not self.session_key
            or is_resting(self.scope["session"])
        ):
            await self.close(code=SESSION_ENDED)
            return
        watch.add(self.session_key, self)
        valkey_watch.add(self)
        await self.channel_layer.group_add(f"user.{self.user.pk}", self.channel_name)

    async def disconnect(self, code: int) -> None:
        if not isinstance(self.user, User) or not self.session_key:
            return
        watch.remove(self.session_key, self)
        valkey_watch.remove(self)
        await if_it_answers(lambda: self._move_to(None, is_writing=False))
        groups = [f"user.{self.user.pk}", *(group_name(one) for one in self.topics)]
        with suppress(RedisError, OSError):
            for group in groups:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, **kwargs: Any) -> None:
        if text_data is None or len(text_data) > MAX_FRAME or not self.pace.is_kept():
            await self.close(code=TOO_MUCH)
            return
        await self.receive_json(read_frame(text_data))

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        match content.get("do"):
            case "watch":
                await self._watch(content.get("topics"))
            case "here":
                await self._here(content.get("topic"), writing=content.get("writing"))
            case "ping":
                await self.send_json({"kind": "pong"})
        await self._keep_staffed()

    async def _watch(self, wanted: Any) -> None:
        if not isinstance(wanted, list):
            return
        names = [name for name in wanted if isinstance(name, str)][:MAX_TOPICS]
        allowed = await database_sync_to_async(
            self._allowed, thread_sensitive=False, executor=_CHECKS
        )(names)
        if allowed is None:
            await self.session_ended()
            return
        for topic in self.topics - allowed:
            await self.channel_layer.group_discard(group_name(topic), self.channel_name)
        for topic in allowed - self.topics:
            await self.channel_layer.group_add(group_name(topic), self.channel_name)
        self.topics = allowed
        await self.send_json({"kind": "watching", "topics": sorted(allowed)})

    def _allowed(self, names: list[str]) -> set[str] | None:
        user = User.objects.filter(pk=self.user.pk, is_active=True).first()
        session = Session.objects.filter(session_key=self.session_key).first()
        if user is None or session is None or is_resting(session.get_decoded()):
            return None
        access = access_of(user)
        self.account_ids = access.account_ids
        return allowed_topics(access, names)

    async def _keep_staffed(self) -> None:
        """Customers are told that somebody is there while this tab lives."""
        now = time.monotonic()
        if not self.account_ids or now - self.staffed_at < HEARTBEAT_SECONDS:
            return
        self.staffed_at = now
        board = type(self).board = type(self).board or PresenceBoard()
        await if_it_answers(lambda: board.keep_staffed(self.account_ids))

    async def _here(self, topic: Any, *, writing: Any) -> None:
        if topic is not None and (
            not isinstance(topic, str) or topic not in self.topics
        ):
            return
        is_writing = writing is True
        await if_it_answers(lambda: self._move_to(topic, is_writing=is_writing))

    async def _move_to(self, topic: str | None, *, is_writing: bool) -> None:
        board = type(self).board = type(self).board or PresenceBoard()
        if self.place and self.place != topic:
            await board.leave(self.place, self.channel_name)
            await self._tell(self.place)
        self.place = topic
        if topic and await board.arrive(
            topic, self.channel_name, Present(self.user.pk, is_writing)
        ):
            await self._tell(topic)

    async def _tell(self, topic: str) -> None:
        await self.channel_layer.group_send(
            group_name(topic),
            {"type": "signal", "topic": topic, "kind": "presence_changed", "ids": {}},
        )

    async def signal(self, message: dict[str, Any]) -> None:
        """A signal of the channel layer, for this socket's screen."""
        if message["kind"] == "signed_out":
            await self._check_session()
            return
        if message["kind"] == "access_changed":
            await self._watch(list(self.topics))
        await self.send_json({key: message[key] for key in ("kind", "topic", "ids")})

    async def _check_session(self) -> None:
        session = self.scope["session"]
        if not await session.aexists(self.session_key):
            await self.session_ended()

    async def resync(self) -> None:
        await self.send_json({"kind": "resync"})

    async def session_ended(self) -> None:
        await self.close(code=SESSION_ENDED)
