"""Meta's Graph API as all three of its channels meet it: signatures, errors, tokens."""

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Simulator, route
from conversations.adapters.simulation.wire import Answer, Request

WINDOW = timedelta(hours=24)
_numbers = itertools.count(1)


class GraphSimulator(Simulator):
    """`last_contact` is when each person last wrote; `later` runs what comes after an answer."""

    signs_with = frozenset({"app_secret", "verify_token"})

    scopes: Sequence[str] = ()
    kinds: Sequence[str] = ("text", "image", "reaction", "unsend")

    def __init__(self, connections: Callable[..., Any]) -> None:
        super().__init__(connections)
        self.last_contact: dict[str, datetime] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.seen: list[str] = []  # people, or messages, that we told to have read
        self.threads: list[threading.Thread] = []
        self.callbacks: dict[str, dict[str, Any]] = {}  # of the app, by object

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {
            "app_id": f"1000000000000{number:02d}",
            "app_secret": f"{number:032x}",
            "access_token": f"simulated-{cls.channel}-token-{number}",
            "verify_token": f"simulated-{cls.channel}-{number}",
        }

    # --- who asks ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        key = connection.secrets.get("app_secret", "").encode()
        digest = hmac.new(key, body, hashlib.sha256).hexdigest()
        return {"X-Hub-Signature-256": f"sha256={digest}"}

    def connection_of(
        self, request: Request, setting: str, value: str
    ) -> Connection | None:
        """Whose token it is, where it may speak for that page or number."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        for connection in self.connections():
            is_theirs = not setting or connection.settings.get(setting) == value
            if is_theirs and token and token == connection.secrets.get("access_token"):
                return connection
        return None

    def error(
        self,
        code: int,
        message: str,
        *,
        subcode: int = 0,
        status: int = 400,
        details: str = "",
    ) -> Answer:
        error: dict[str, Any] = {
            "message": f"(#{code}) {message}",
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "AZsimulated",
        }
        if subcode:
            error["error_subcode"] = subcode
        if details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        return Answer.json({"error": error}, status=status)

    def no_token(self) -> Answer:
        text = "Error validating access token: the session has been invalidated"
        return self.error(190, text, subcode=460, status=401)

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        code = {429: 613, 401: 190}.get(status, 2 if status >= 500 else 100)
        error = {"message": message, "type": "OAuthException", "code": code}
        return Answer.json({"error": error}, status=status, headers=headers)

    # --- what all of them answer ---
    @route("GET", r"/v[\d.]+/debug_token")
    def debug_token(self, request: Request) -> Answer:
        token = request.query.get("input_token", "")
        for one in self.connections():
            app = f"{one.settings.get('app_id')}|{one.secrets.get('app_secret')}"
            if request.query.get("access_token") == app:
                is_valid = token == one.secrets.get("access_token")
                data = {
                    "app_id": one.settings.get("app_id", ""),
                    "is_valid": is_valid,
                    "expires_at": 0,
                    "data_access_expires_at": int(time.time()) + 90 * 86400,
                    "scopes": list(self.scopes),
                }
                return Answer.json({"data": data})
        return self.error(190, "Invalid application", status=400)

    @route("GET", r"/v[\d.]+/(?P<app>\d+)/subscriptions")
    def callbacks_of_app(self, _request: Request, app: str) -> Answer:
        return Answer.json({"data": list(self.callbacks.values())})

    @route("POST", r"/v[\d.]+/(?P<app>\d+)/subscriptions")
    def set_callback(self, request: Request, app: str) -> Answer:
        query = request.query
        if not query.get("callback_url") or not query.get("verify_token"):
            return self.error(100, "The parameter callback_url is required")
        self.callbacks[query["object"]] = {
            "object": query["object"],
            "callback_url": query["callback_url"],
            "active": True,
            "fields": [{"name": one} for one in query["fields"].split(",")],
        }
        return Answer.json({"success": True})

    @route("GET", r"/_files/(?P<name>[\w.-]+)")
    def file(self, _request: Request, name: str) -> Answer:
        stored = self.files.get(name)
        if stored is None:
            return Answer.json({"error": "gone"}, status=404)
        return Answer(stored[1], content_type=stored[0])

    def store_file(self, content: bytes, content_type: str) -> str:
        name = f"{next(_numbers)}{int(time.time())}"
        self.files[name] = (content_type, content)
        return name

    def address_of(self, connection: Connection, name: str) -> str:
        return f"{connection.api}/_files/{name}"

    # --- time ---
    def record_contact(self, person: str) -> None:
        self.last_contact[person] = datetime.now(UTC)

    def is_open(self, person: str, window: timedelta = WINDOW) -> bool:
        """Who has written before this simulator was started is taken at the desk's word."""
        last = self.last_contact.get(person)
        return last is None or datetime.now(UTC) - last <= window

    def later(self, act: Callable[[], object]) -> None:
        """After the answer has gone: echoes and receipts overtake it otherwise."""
        thread = threading.Timer(0.05, act)
        thread.daemon = True
        self.threads.append(thread)
        thread.start()

    def settle(self) -> None:
        """Waits until all that follows has been posted; for tests."""
        while self.threads:
            self.threads.pop().join()


def new_id(prefix: str) -> str:
    return f"{prefix}{next(_numbers)}{time.time_ns()}"


def milliseconds() -> int:
    return int(time.time() * 1000)


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
