"""Visitors of a web chat, as the widget speaks for them."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import local

from agentdesk.ops.bench.browser import Answer, Browser, UnexpectedAnswerError

_AT_ONCE = 4
_SAYINGS = (
    "サイズの交換はできますか？",
    "注文した商品の到着予定を教えてください。",
    "ありがとうございます。確認してみます。",
    "在庫が戻るのはいつごろでしょうか。",
    "写真を送りますので、見ていただけますか。",
)


@dataclass(frozen=True)
class Visitor:
    token: str
    address: str


class Crowd:
    """Some visitors, each with an address of its own; used from several threads."""

    def __init__(self, port: int, inbox_key: str) -> None:
        self._port = port
        self._inbox_key = inbox_key
        self._mine = local()
        self.visitors: list[Visitor] = []

    def gather(self, count: int) -> None:
        """Sessions for `count` more visitors, and a first message of each."""
        known = len(self.visitors)
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            self.visitors += threads.map(self._greet, range(known, known + count))

    def _greet(self, number: int) -> Visitor:
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        visitor = Visitor("", address)
        answer = self._browser(visitor).post_json(
            f"/chat/{self._inbox_key}/session/", {}
        )
        if answer.status != 200:
            raise UnexpectedAnswerError(f"A chat session answers {answer.status}.")
        visitor = Visitor(answer.json()["token"], address)
        self.say(visitor, uuid.uuid4())
        return visitor

    def say(self, visitor: Visitor, client_id: uuid.UUID) -> Answer:
        """One message over this thread's connection. The answer comes after commit."""
        fields = {
            "client_id": str(client_id),
            "body": _SAYINGS[client_id.int % len(_SAYINGS)],
        }
        return self._browser(visitor).post_json(
            f"/chat/{self._inbox_key}/messages/", fields, token=visitor.token
        )

    def _browser(self, visitor: Visitor) -> Browser:
        browser: Browser | None = getattr(self._mine, "browser", None)
        if browser is None:
            browser = self._mine.browser = Browser(self._port)
        browser.headers["X-Forwarded-For"] = visitor.address
        return browser
