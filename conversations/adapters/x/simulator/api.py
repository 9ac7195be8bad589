"""X's API as it behaves: tokens that work once, messages, files, webhooks."""

import base64
import hashlib
import itertools
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Line, Simulator, route
from conversations.adapters.simulation.samples import PICTURE
from conversations.adapters.simulation.wire import Answer, Request

_SHOP = "9305242823"  # the account of each inbox: this and a number of its key's


class XApi(Simulator):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.messages: list[dict[str, Any]] = []
        self.refresh_tokens: set[str] = set()  # those that were used
        self.codes: dict[str, dict[str, str]] = {}
        self.exchanges = 0
        self.access_tokens: dict[str, str] = {}  # each with its client ID
        self.token_seconds = 7200
        self.blocked: set[str] = set()
        self.files: dict[str, bytearray] = {}
        self.is_registered = self.is_valid = self.is_subscribed = True
        self.takes_webhooks = True  # of a plan that has them
        self.numbers = itertools.count(1)

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        problem = {"title": message, "detail": message, "type": "about:blank"}
        if status == 429 and "Retry-After" in headers:  # X says when, not how long
            reset = int(time.time() + float(headers["Retry-After"])) + 1
            headers = {"x-rate-limit-reset": str(reset)}
        return Answer.json(
            {**problem, "status": status}, status=status, headers=headers
        )

    # --- the API ---
    def answer(self, request: Request) -> Answer:
        is_open = request.path.startswith(("/_", "/2/oauth2/", "/i/"))
        if not is_open and not self._knows(request.headers.get("authorization", "")):
            return self.refuse(401, "Unauthorized", {})
        return super().answer(request)

    def _knows(self, header: str) -> bool:
        """A token of an exchange, or one that an inbox began with."""
        token = _token_of(header)
        if token in self.access_tokens:
            return True
        names = (
            ("bearer_token",) if self.exchanges else ("bearer_token", "access_token")
        )
        known = {one.secrets.get(name) for one in self.connections() for name in names}
        return bool(token) and token in known

    @route("GET", r"/i/oauth2/authorize")
    def authorise(self, request: Request) -> Answer:
        """X's page, on which the account is signed in already and agrees at once."""
        query = request.query
        code = secrets.token_urlsafe(24)
        self.codes[code] = {
            "code_challenge": query.get("code_challenge", ""),
            "redirect_uri": query.get("redirect_uri", ""),
            "client_id": query.get("client_id", ""),
            "scope": query.get("scope", ""),
        }
        given = urlencode({"state": query.get("state", ""), "code": code})
        return Answer.see_other(f"{query.get('redirect_uri', '')}?{given}")

    @route("POST", r"/2/oauth2/token")
    def exchange(self, request: Request) -> Answer:
        """A code or a refresh token works once; its second use is an error."""
        form = {name: one[0] for name, one in parse_qs(request.body.decode()).items()}
        used = form.get("refresh_token", "")
        is_code = form.get("grant_type") == "authorization_code"
        with self.lock:
            is_good = used and used not in self.refresh_tokens
            if not (self._is_good_code(form) if is_code else is_good):
                words = "Value passed for the token was invalid."
                error = {"error": "invalid_request", "error_description": words}
                return Answer.json(error, status=400)
            self.refresh_tokens.add(used)
            self.exchanges += 1
            token = secrets.token_urlsafe(24)
            client = form.get("client_id", "")
            others = {k: v for k, v in self.access_tokens.items() if v != client}
            self.access_tokens = {**others, token: client}
        answer = {"access_token": token, "refresh_token": secrets.token_urlsafe(24)}
        return Answer.json(
            {**answer, "token_type": "bearer", "expires_in": self.token_seconds}
        )

    def _is_good_code(self, form: Mapping[str, str]) -> bool:
        """Of the same app, for the same address, by whoever began (PKCE, S256)."""
        known = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            known is not None
            and known["code_challenge"] == proof
            and all(
                known[name] == form.get(name) for name in ("redirect_uri", "client_id")
            )
        )

    @route("POST", r"/2/dm_conversations/with/(?P<person>\w+)/messages")
    def create(self, request: Request, person: str) -> Answer:
        payload = request.json()
        if person in self.blocked:
            words = "You do not have permission to DM one or more participants."
            return self.refuse(403, words, {})
        text = str(payload.get("text", ""))
        if not text and not payload.get("attachments"):
            return self.refuse(400, "text or attachments must be provided.", {})
        connection = self._asking(request)
        own = self.account(connection)
        one = self.add(own, person, text)
        files = [one["media_id"] for one in payload.get("attachments", [])]
        shown = text + "".join(f" [{len(self.files[file])} bytes]" for file in files)
        self.add_line(Line(person, True, shown.strip(), one["id"]), connection)
        talk = {"dm_conversation_id": f"{person}-{own}", "dm_event_id": one["id"]}
        return Answer.json({"data": talk}, status=201)

    @route("GET", r"/2/dm_conversations/with/(?P<person>\w+)/dm_events")
    def events(self, request: Request, person: str) -> Answer:
        found = [one for one in reversed(self.messages) if person in one["between"]]
        hidden = {"between"}
        return Answer.json(
            {
                "data": [
                    {name: value for name, value in one.items() if name not in hidden}
                    for one in found
                ],
                "meta": {"result_count": len(found)},
            }
        )

    @route("GET", r"/2/dm_conversations/media/.+")
    def media(self, request: Request) -> Answer:
        return Answer(PICTURE, content_type="image/png")

    @route("POST", r"/2/media/upload/initialize")
    def begin_upload(self, request: Request) -> Answer:
        media_id = str(1880028106020515840 + next(self.numbers))
        self.files[media_id] = bytearray()
        return Answer.json({"data": {"id": media_id, "expires_after_secs": 86400}})

    @route("POST", r"/2/media/upload/(?P<media_id>\d+)/append")
    def append(self, request: Request, media_id: str) -> Answer:
        found = re.search(
            rb'name="media".*?\r\n\r\n(.*)\r\n--', request.body, re.DOTALL
        )
        self.files[media_id] += found[1] if found else b""
        return Answer.json({"data": {}})

    @route("POST", r"/2/media/upload/(?P<media_id>\d+)/finalize")
    def finalize(self, request: Request, media_id: str) -> Answer:
        waiting = {"state": "pending", "check_after_secs": 0}
        return Answer.json({"data": {"id": media_id, "processing_info": waiting}})

    @route("GET", r"/2/media/upload")
    def upload_status(self, request: Request) -> Answer:
        done = {"state": "succeeded", "progress_percent": 100}
        return Answer.json({"data": {"processing_info": done}})

    @route("GET", r"/2/users/me")
    def me(self, request: Request) -> Answer:
        inbox = self._asking(request)
        own = self.account(inbox)
        account = {"id": own, "name": inbox.name, "username": "simulated"}
        return Answer.json({"data": account})

    @route("GET", r"/2/webhooks")
    def webhooks(self, request: Request) -> Answer:
        found = [
            {"id": "14", "url": one.public_url, "valid": self.is_valid}
            for one in self.connections()
            if self.is_registered
        ]
        return Answer.json({"data": found, "meta": {"result_count": len(found)}})

    @route("GET", r"/2/account_activity/webhooks/\w+/subscriptions/all/list")
    def subscriptions(self, request: Request) -> Answer:
        own = self.connections() if self.is_subscribed else []
        people = [{"user_id": self.account(one)} for one in own]
        return Answer.json({"data": {"subscriptions": people}})

    @route("POST", r"/2/webhooks")
    def register(self, request: Request) -> Answer:
        """Only an address that some inbox really has."""
        url = request.json().get("url")
        known = {one.public_url for one in self.connections()}
        if not self.takes_webhooks or url not in known:
            return self.refuse(403, "Your plan has no webhooks.", {})
        self.is_registered = True
        return Answer.json({"data": {"id": "14", "url": url, "valid": True}})

    @route("POST", r"/2/account_activity/webhooks/\w+/subscriptions/all")
    def subscribe(self, request: Request) -> Answer:
        self.is_subscribed = True
        return Answer.json({"data": {"subscribed": True}})

    def account(self, connection: Connection) -> str:
        """The id of the account that an inbox writes as; always the same one."""
        digest = hashlib.sha256(connection.inbox_key.encode()).hexdigest()
        return f"{_SHOP}{int(digest, 16) % 10**8:08d}"

    def _asking(self, request: Request) -> Connection:
        """Whose token it is."""
        token = _token_of(request.headers.get("authorization", ""))
        client, every = self.access_tokens.get(token, ""), self.connections()
        theirs = (
            one
            for one in every
            if token == one.secrets.get("access_token")
            or (client and client == one.settings.get("client_id"))
        )
        return next(theirs, every[0])

    def add(self, sender: str, recipient: str, text: str) -> dict[str, Any]:
        with self.lock:
            one = {
                "id": str(1582103724607971328 + next(self.numbers)),
                "event_type": "MessageCreate",
                "text": text,
                "sender_id": sender,
                "created_at": datetime.now(UTC).isoformat(),
                "between": (sender, recipient),
            }
            self.messages.append(one)
        return one


def _token_of(header: str) -> str:
    return header.removeprefix("Bearer ")
