"""The visitor's socket: signals only. Whatever must not be lost goes by HTTP."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from channels.db import database_sync_to_async

from agentdesk.audit.origin import address_group, client_address
from agentdesk.live.hub import hub
from agentdesk.live.publish import send_now
from agentdesk.live.socket import TOO_MUCH, LiveConsumer
from conversations.exceptions import SignedOutError
from conversations.live.events import SIGNED_OUT
from conversations.webchat.limits import ADDRESS_SOCKETS, SOCKETS_AT_ONCE, retry_after
from conversations.webchat.selectors.webchat import (
    active_webchat,
    conversation_ids,
    is_origin_allowed,
    known_visitor,
)
from conversations.webchat.visitor_token import read_token

NOT_KNOWN = 4401
HELLO_SECONDS = 10
_HELLO = b'{"kind":"hello"}'
_CHECKS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="visitor-check")


class VisitorConsumer(LiveConsumer):
    """Client frames: `{"do": "hello", "token": ...}` first, `{"do": "typing", "on":
    true}`, `{"do": "ping"}`.

    Server frames: `{"kind": "hello"}`, `{"kind": "message_added" | "message_changed" |
    "typing", "ids": {...}}` or a list of several such signals, `{"kind": "pong"}`.
    """

    most_frames = 60
    longest_frame = 2000
    open_by_address: ClassVar[Counter[str]] = Counter()

    async def connect(self) -> None:
        self.listener.with_topic = False
        self.listener.resync_frame = _HELLO
        self.listener.orders = {SIGNED_OUT: self._signed_out}
        self.conversation_id = 0
        self.is_typing = False
        self.address = self._address()
        self.is_counted = False
        self.deadline: asyncio.TimerHandle | None = None
        await self.accept()
        if not await self._is_welcome():
            await self.close(code=TOO_MUCH)
            return
        loop = asyncio.get_running_loop()
        self.deadline = loop.call_later(
            HELLO_SECONDS, lambda: loop.create_task(self._close_silent())
        )

    async def _is_welcome(self) -> bool:
        """No database here: a thousand sockets from one address cost nothing more."""
        if self.open_by_address[self.address] >= SOCKETS_AT_ONCE:
            return False
        self.open_by_address[self.address] += 1
        self.is_counted = True
        seconds = await asyncio.get_running_loop().run_in_executor(
            _CHECKS, retry_after, ADDRESS_SOCKETS, self.address
        )
        return not seconds

    def _address(self) -> str:
        peer = self.scope.get("client") or ("",)
        forwarded = b",".join(
            value
            for name, value in self.scope.get("headers", ())
            if name == b"x-forwarded-for"
        )
        address = client_address(str(peer[0]), forwarded.decode("latin-1"))
        return address_group(address)

    async def disconnect(self, code: int) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
        if self.is_counted:
            self.open_by_address[self.address] -= 1
            if self.open_by_address[self.address] <= 0:
                del self.open_by_address[self.address]
        self._publish_typing(is_on=False)

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        match content.get("do"):
            case "hello":
                await self._hello(content.get("token"))
            case "typing":
                self._publish_typing(is_on=content.get("on") is True)
            case "ping":
                await self.send_json({"kind": "pong"})

    async def _hello(self, token: Any) -> None:
        key = self.scope["url_route"]["kwargs"]["key"]
        if not isinstance(token, str) or read_token(key, token) is None:
            await self.close(code=NOT_KNOWN)
            return
        found = await database_sync_to_async(
            self._find, thread_sensitive=False, executor=_CHECKS
        )(key, token)
        if found is None:
            await self.close(code=NOT_KNOWN)
            return
        if self.deadline is not None:
            self.deadline.cancel()
        topic, self.conversation_id = found
        await hub.watch(self.listener, [topic])
        # The widget reads what it has missed.
        await self.send(text_data=_HELLO.decode())

    def _find(self, key: str, token: str) -> tuple[str, int] | None:
        """The visitor's topic and the conversation they write in (0: none yet)."""
        inbox, visitor_key = active_webchat(key), read_token(key, token)
        if inbox is None or visitor_key is None:
            return None
        origin = self._header(b"origin")
        if origin and not is_origin_allowed(inbox, origin, own=self._own_origin()):
            return None
        try:
            visitor = known_visitor(inbox, visitor_key)
        except SignedOutError:
            return None
        if visitor is None:
            return None
        ids = conversation_ids(visitor)
        return f"visitor:{visitor.pk}", ids[0] if ids else 0

    def _header(self, wanted: bytes) -> str:
        for name, value in self.scope.get("headers", ()):
            if name == wanted:
                return str(value.decode("latin-1"))
        return ""

    def _own_origin(self) -> str:
        """A page of ours: same host, over the scheme that page itself was read by."""
        scheme = self._header(b"origin").partition(":")[0]
        return f"{scheme}://{self._header(b'host')}"

    def _publish_typing(self, *, is_on: bool) -> None:
        if not self.conversation_id or not (is_on or self.is_typing):
            return
        self.is_typing = is_on
        send_now(f"conversation:{self.conversation_id}", "typing", {"on": int(is_on)})

    async def _signed_out(self) -> None:
        await self.close(code=NOT_KNOWN)

    async def _close_silent(self) -> None:
        await self.close(code=NOT_KNOWN)
