"""LINE's Messaging API as it behaves. Source: line-openapi and LINE's documentation.

Every request is held against messaging-api.yml. Of LINE's own it has: one-time reply
tokens that live a minute, retry keys, the month's quota, blocks, files that are
prepared first and deleted later.
"""

import re
import secrets
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from conversations.adapters.base import Connection
from conversations.adapters.line.simulator.answers import (
    accepted_before,
    bad_body,
    more_faults,
    shown,
)
from conversations.adapters.line.simulator.people import SPECS, LinePeople
from conversations.adapters.line.simulator.world import BOT, Person, Token
from conversations.adapters.simulation.base import Connections, Fault, Line, route
from conversations.adapters.simulation.openapi import load
from conversations.adapters.simulation.samples import PICTURE
from conversations.adapters.simulation.wire import Answer, Request

REPLY_TOKEN_SECONDS = 60
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Account:
    """The official account behind all inboxes of this simulator."""

    quota: int | None = 200
    used: int = 0
    rate: int = 2000  # requests a second and endpoint
    is_webhook_used: bool = True
    endpoint: str | None = None  # None: our own address
    chat_mode: str = "chat"
    keys: dict[str, tuple[str, list[dict[str, str]]]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)


class LineSimulator(LinePeople):
    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self.account = Account()
        self._recent: dict[str, deque[float]] = {}

    # --- who asks ---
    def answer(self, request: Request) -> Answer:
        if request.path.startswith(("/_", "/stickershop/")):
            return super().answer(request)
        if self._connection(request) is None:
            return self.refuse(
                401, "Authentication failed. Confirm the access token.", {}
            )
        self.account.calls[request.path] += 1
        if self._is_too_fast(request):
            text = "The API rate limit has been exceeded. Try again later."
            return self.refuse(429, text, {"Retry-After": "1"})
        if (
            "x-line-retry-key" in request.headers
            and request.path != "/v2/bot/message/push"
        ):
            return self.refuse(400, "The retry key is not supported here", {})
        refusal = self._refusal(request)
        return refusal or super().answer(request)

    def _next_fault(self, request: Request) -> Fault | None:
        """Faults are for what sends: profiles and the like are asked for at any time."""
        is_sending = request.path in {"/v2/bot/message/reply", "/v2/bot/message/push"}
        return super()._next_fault(request) if is_sending else None

    def _connection(self, request: Request) -> Connection | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        for one in self.connections():
            if token and token == one.secrets.get("channel_access_token"):
                return one
        return None

    def _is_too_fast(self, request: Request) -> bool:
        with self.lock:
            now = time.monotonic()
            recent = self._recent.setdefault(request.path, deque())
            while recent and now - recent[0] > 1:
                recent.popleft()
            recent.append(now)
            return len(recent) > self.account.rate

    def _refusal(self, request: Request) -> Answer | None:
        """LINE's answer to a body that its own schema does not allow."""
        spec = load(SPECS / "messaging-api.yml")
        schema = spec.body_of(request.method, request.path)
        if not schema:
            return None
        try:
            body = request.json()
        except ValueError:
            return self.refuse(400, "The request body could not be parsed as JSON", {})
        found = [*spec.faults(schema, body)]
        if not found and isinstance(body, dict):
            found = more_faults(body.get("messages", []))
        return bad_body(found) if found else None

    # --- sending ---
    @route("POST", r"/v2/bot/message/reply")
    def reply(self, request: Request) -> Answer:
        body = request.json()
        with self.lock:
            token = self.reply_tokens.get(body["replyToken"])
            is_old = token is None or time.time() - token.at > REPLY_TOKEN_SECONDS
            if token is None or is_old or token.is_used:
                return self.refuse(400, "Invalid reply token", {})
            token.is_used = True
        sent = self._deliver(request, token.person)
        return Answer.json({"sentMessages": sent})

    @route("POST", r"/v2/bot/message/push")
    def push(self, request: Request) -> Answer:
        body, key = request.json(), request.headers.get("x-line-retry-key", "")
        if key and not _KEY.fullmatch(key):
            return self.refuse(400, "Invalid retry key", {})
        with self.lock:
            if key in self.account.keys:
                return accepted_before(*self.account.keys[key])
            name = self.name_of(body["to"])
            if not name:
                return self.refuse(400, "Failed to send messages", {})
            if self._is_over_quota():
                return self.refuse(429, "You have reached your monthly limit.", {})
            sent = self._deliver(request, name, is_metered=True)
            if key:
                self.account.keys[key] = (secrets.token_hex(16), sent)
        return Answer.json({"sentMessages": sent})

    def _is_over_quota(self) -> bool:
        account = self.account
        return account.quota is not None and account.used >= account.quota

    def _deliver(
        self, request: Request, name: str, *, is_metered: bool = False
    ) -> list[dict[str, str]]:
        """What the customer sees. To who has blocked us all is accepted, nothing arrives."""
        sent, at = [], self._connection(request)
        has_blocked = self.person(name).has_blocked
        for one in request.json()["messages"]:
            number = self.next_id()
            sent.append({"id": number, "quoteToken": secrets.token_urlsafe(20)})
            if not has_blocked:
                line = Line(name, True, shown(one), number, facts={"object": one})
                self.add_line(line, at)
        if is_metered and not has_blocked:
            self.account.used += 1
        return sent

    @route("GET", r"/v2/bot/message/quota")
    def quota(self, request: Request) -> Answer:
        limit = self.account.quota
        return Answer.json(
            {"type": "none"} if limit is None else {"type": "limited", "value": limit}
        )

    @route("GET", r"/v2/bot/message/quota/consumption")
    def consumption(self, request: Request) -> Answer:
        return Answer.json({"totalUsage": self.account.used})

    # --- files ---
    @route("GET", r"/v2/bot/message/(?P<message>[^/]+)/content/transcoding")
    def transcoding(self, request: Request, message: str) -> Answer:
        content = self.contents.get(message)
        if content is None:
            return self.refuse(404, "Not found", {})
        content.looks_until_ready -= 1
        is_ready = content.looks_until_ready < 0
        return Answer.json({"status": "succeeded" if is_ready else "processing"})

    @route("GET", r"/v2/bot/message/(?P<message>[^/]+)/content(/preview)?")
    def content(self, request: Request, message: str) -> Answer:
        content = self.contents.get(message)
        if content is None:  # never there, taken back, or deleted after a while
            return self.refuse(404, "Not found", {})
        if content.looks_until_ready > 0:
            return Answer.json({}, status=202)
        return Answer(content.body, content_type=content.content_type)

    @route("GET", r"/stickershop/v1/sticker/\d+/android/sticker\.png")
    def sticker(self, request: Request) -> Answer:
        if (
            "authorization" in request.headers
        ):  # the shop of stickers is no part of the API
            return self.refuse(400, "A token was given to another machine", {})
        return Answer(PICTURE, content_type="image/png")

    @route("GET", r"/_picture\.png")
    def picture(self, request: Request) -> Answer:
        return Answer(PICTURE, content_type="image/png")

    # --- people ---
    @route("GET", r"/v2/bot/profile/(?P<user>[^/]+)")
    def profile(self, request: Request, user: str) -> Answer:
        name = self.name_of(user)
        person = self.person(name) if name else None
        if person is None or person.has_blocked or not person.is_friend:
            return self.refuse(404, "Not found", {})
        return self._profile(request, person)

    @route("GET", r"/v2/bot/(group|room)/(?P<place>[^/]+)/member/(?P<user>[^/]+)")
    def member(self, request: Request, place: str, user: str) -> Answer:
        for person in list(self.people.values()):
            if (person.place, person.user_id) == (place, user):
                return self._profile(request, person)
        return self.refuse(404, "Not found", {})

    def _profile(self, request: Request, person: Person) -> Answer:
        picture = f"http://{request.headers.get('host', '')}/line/_picture.png"
        profile = {"userId": person.user_id, "displayName": person.name}
        return Answer.json({**profile, "pictureUrl": picture, "language": "ja"})

    @route("GET", r"/v2/bot/group/(?P<place>[^/]+)/summary")
    def group(self, request: Request, place: str) -> Answer:
        if not self.name_of(place):
            return self.refuse(404, "Not found", {})
        return Answer.json({"groupId": place, "groupName": f"グループ{place[1:4]}"})

    @route("POST", r"/v2/bot/user/(?P<user>[^/]+)/linkToken")
    def link_token(self, request: Request, user: str) -> Answer:
        name = self.name_of(user)
        if not name or self.person(name).kind != "user":
            return self.refuse(404, "Not found", {})
        token = secrets.token_hex(16)
        bot = self._connection(request)
        self.link_tokens[token] = Token(name, bot.inbox_key if bot else "")
        return Answer.json({"linkToken": token})

    @route("GET", r"/_accountLink")
    def account_link(self, request: Request) -> Answer:
        """Where a shop sends its customer back to, as LINE's page does."""
        token = request.query.get("linkToken", "")
        known = self.link_tokens.get(token)
        bots = [
            one for one in self.connections() if known and one.inbox_key == known.bot
        ]
        if known is None or known.is_used or not bots:
            return self.refuse(400, "The link token is not valid", {})
        self.link_account(bots[0], token, request.query.get("nonce", ""))
        return Answer.see_other(f"/line/?person={known.person}&inbox={known.bot}")

    @route("POST", r"/v2/bot/chat/markAsRead")
    def mark_as_read(self, request: Request) -> Answer:
        token = self.read_tokens.get(request.json()["markAsReadToken"])
        if token is None:
            return self.refuse(400, "An invalid markAsReadToken is specified", {})
        for line in self.lines_of(token.person):
            if not line.is_ours and line.at <= token.at + 1:
                line.facts = {**line.facts, "is_read": True}
        return Answer.json({})

    # --- the account ---
    @route("GET", r"/v2/bot/info")
    def info(self, request: Request) -> Answer:
        mode = self.account.chat_mode
        connection = self._connection(request)
        name = connection.name if connection else ""
        bot = {"userId": BOT, "basicId": "@216ruwzz", "displayName": name}
        reading = "manual" if mode == "chat" else "auto"
        return Answer.json({**bot, "chatMode": mode, "markAsReadMode": reading})

    @route("GET", r"/v2/bot/channel/webhook/endpoint")
    def endpoint(self, request: Request) -> Answer:
        address = self._endpoint(request)
        if not address:
            return self.refuse(404, "Not found", {})
        active = self.account.is_webhook_used
        return Answer.json({"endpoint": address, "active": active})

    @route("PUT", r"/v2/bot/channel/webhook/endpoint")
    def set_endpoint(self, request: Request) -> Answer:
        self.account.endpoint = request.json()["endpoint"]
        return Answer.json({})

    @route("POST", r"/v2/bot/channel/webhook/test")
    def test_endpoint(self, request: Request) -> Answer:
        """An event without events, as the console's “Verify” sends it."""
        connection = self._connection(request)
        status = self.post(connection) if connection is not None else 0
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        reason = "OK" if status == 200 else "ERROR_STATUS_CODE"
        result = {"success": status == 200, "timestamp": at, "statusCode": status}
        return Answer.json({**result, "reason": reason, "detail": str(status)})

    def _endpoint(self, request: Request) -> str:
        if self.account.endpoint is not None:
            return self.account.endpoint
        connection = self._connection(request)
        return connection.public_url if connection is not None else ""
