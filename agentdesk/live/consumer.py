"""The one socket of a desk tab. It carries signals and heartbeats, never content."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar, cast
from uuid import uuid4

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from agentdesk.accounts.access import access_of
from agentdesk.accounts.idle import is_resting
from agentdesk.accounts.models import Session, User
from agentdesk.accounts.sessions import SessionStore
from agentdesk.live.hub import hub
from agentdesk.live.presence import HEARTBEAT_SECONDS, PresenceBoard, Present
from agentdesk.live.publish import send_now
from agentdesk.live.sessions import watch
from agentdesk.live.socket import LiveConsumer
from agentdesk.live.topics import allowed_topics, cursors_of
from agentdesk.live.valkey import if_it_answers

T = TypeVar("T")
Checked = TypeVar("Checked")

SESSION_ENDED = 4401
MAX_TOPICS = 60
_CHECKS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live-check")


class DeskConsumer(LiveConsumer):
    """Client frames: `{"do": "watch", "topics": [...]}` (all topics of the screen),
    `{"do": "here", "topic": "conversation:12", "writing": false}` (every 20 s; topic
    null on leaving), `{"do": "ping"}`.

    Server frames: `{"kind": "watching", "topics": [...]}` (those allowed; with
    `"cursors": {"conversation:12": 345}` where new ones say how far they have come),
    `{"kind": ..., "topic": ..., "ids": {...}}` or a list of several such signals,
    `{"kind": "pong"}`, and `{"kind": "resync"}` where signals may have been lost.
    """

    # Every screen that is opened watches anew, and every key may write.
    most_frames = 300
    longest_frame = 16_000
    board: ClassVar[PresenceBoard | None] = None

    async def connect(self) -> None:
        self.listener.orders = {
            "access_changed": self._check_topics,
            "signed_out": self._check_session,
        }
        self.topics: set[str] = set()
        self.checking = asyncio.Lock()
        self.name = uuid4().hex
        self.place: str | None = None
        self.account_ids: list[int] = []
        self.staffed_at = 0.0
        self.session_key = self._session_key()
        await self.accept()
        self.user_id = await self._checked(_member_of, self.session_key)
        if not self.user_id:
            await self.close(code=SESSION_ENDED)
            return
        watch.add(self.session_key, self)
        await self._listen_to(set())

    def _session_key(self) -> str:
        cookies = b"; ".join(
            value for name, value in self.scope["headers"] if name == b"cookie"
        )
        parsed = parse_cookie(cookies.decode("latin-1"))
        return parsed.get(settings.SESSION_COOKIE_NAME, "")

    async def _checked(self, check: Callable[[Checked], T], what: Checked) -> T:
        """What the database says, asked in a thread of this purpose."""
        asking = database_sync_to_async(check, thread_sensitive=False, executor=_CHECKS)
        return cast("T", await asking(what))

    async def disconnect(self, code: int) -> None:
        if not self.user_id:
            return
        watch.remove(self.session_key, self)
        await if_it_answers(lambda: self._move_to(None, is_writing=False))

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
        # Of two checks the one that began later is right.
        async with self.checking:
            await self._watch_allowed(names)

    async def _check_topics(self) -> None:
        """The member's rights have changed."""
        async with self.checking:
            await self._watch_allowed(list(self.topics))

    async def _watch_allowed(self, names: list[str]) -> None:
        allowed = await self._checked(self._allowed, names)
        if allowed is None:
            await self.session_ended()
            return
        added = allowed - self.topics
        self.topics = allowed
        await self._listen_to(allowed)
        frame: dict[str, Any] = {"kind": "watching", "topics": sorted(allowed)}
        # Not before it listens: between the two nothing is missed.
        if cursors := await self._checked(cursors_of, added):
            frame["cursors"] = cursors
        await self.send_json(frame)

    async def _listen_to(self, topics: set[str]) -> None:
        await hub.watch(self.listener, {f"user:{self.user_id}", *topics})

    def _allowed(self, names: list[str]) -> set[str] | None:
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
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
        await if_it_answers(lambda: board.keep_desk_open(self.user_id))

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
            await board.leave(self.place, self.name)
            send_now(self.place, "presence_changed", {"user": self.user_id})
        self.place = topic
        if topic and await board.arrive(
            topic, self.name, Present(self.user_id, is_writing)
        ):
            send_now(topic, "presence_changed", {"user": self.user_id})

    async def _check_session(self) -> None:
        if not await self._checked(SessionStore().exists, self.session_key):
            await self.session_ended()

    async def session_ended(self) -> None:
        await self.close(code=SESSION_ENDED)


def _member_of(session_key: str) -> int:
    """The id of the user whose session it is; 0 where it is over or rests."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User) or is_resting(request.session):
        return 0
    return int(user.pk)
