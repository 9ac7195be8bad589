"""Visitors of a web chat, as the widget speaks for them."""

import uuid
from dataclasses import dataclass
from threading import local

from agentdesk.bench.browser import Answer, Browser, UnexpectedAnswerError

_SAYINGS = (
    "サイズの交換はできますか？",
    "注文した商品の到着予定を教えてください。",
    "ありがとうございます。確認してみます。",
    "在庫が戻るのはいつごろでしょうか。",
    "写真を送りますので、見ていただけますか。",
)


@dataclass
class Visitor:
    number: int
    token: str
    address: str
    conversation: int = 0
    inbox_key: str = ""


class Crowd:
    """Some visitors, each with an address of its own; used from several threads."""

    def __init__(self, port: int, inbox_key: str) -> None:
        self._port = port
        self._inbox_key = inbox_key
        self._mine = local()
        self.visitors: list[Visitor] = []

    def gather(self, count: int) -> None:
        """Sessions for `count` visitors, and a first message of each."""
        for number in range(count):
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            browser = Browser(self._port, address=address)
            answer = browser.post_json(f"/chat/{self._inbox_key}/session/", {})
            browser.close()
            if answer.status != 200:
                raise UnexpectedAnswerError(f"A chat session answers {answer.status}.")
            visitor = Visitor(number, answer.json()["token"], address)
            self.visitors.append(visitor)
            self.say(visitor, uuid.uuid4())

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
