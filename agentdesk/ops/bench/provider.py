"""A provider that posts events, as LINE does: signed, one or several, again, out of order."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import local
from typing import Any

from agentdesk.ops.bench.browser import Answer, Browser
from agentdesk.ops.bench.place import Place
from conversations.choices import Channel
from conversations.simulators.registry import SIMULATORS

_SAYINGS = (
    "サイズの交換はできますか？",
    "注文した商品の到着予定を教えてください。",
    "在庫が戻るのはいつごろでしょうか。",
    "ありがとうございます。",
)


@dataclass(frozen=True)
class Event:
    """A message of one person; `number` makes its ids."""

    number: int
    person: int
    at: float  # seconds since 1970

    @property
    def message_id(self) -> str:
        return f"9{self.number:017d}"

    def payload(self, *, is_again: bool = False) -> dict[str, Any]:
        return {
            "type": "message",
            "mode": "active",
            "timestamp": int(self.at * 1000),
            "source": {"type": "user", "userId": f"U{self.person:032x}"},
            "webhookEventId": f"01BENCH{self.number:019d}",
            "deliveryContext": {"isRedelivery": is_again},
            "replyToken": f"{self.number:032x}",
            "message": {
                "type": "text",
                "id": self.message_id,
                "quoteToken": "q",
                "text": _SAYINGS[self.number % len(_SAYINGS)],
            },
        }


class Provider:
    """Posts to the demo's LINE inbox; used from several threads."""

    def __init__(self, place: Place) -> None:
        self._port = place.port
        self._secret = SIMULATORS[Channel.LINE].demo(1)["channel_secret"].encode()
        self._mine = local()
        self.inbox, self.key = _inbox(place)

    def post(self, events: Sequence[Event], *, is_again: bool = False) -> Answer:
        payloads = [one.payload(is_again=is_again) for one in events]
        payload: Mapping[str, Any] = {"destination": "U" + "0" * 32, "events": payloads}
        body = json.dumps(payload, ensure_ascii=False)
        digest = hmac.new(self._secret, body.encode(), hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "X-Line-Signature": base64.b64encode(digest).decode(),
        }
        return self._browser().send("POST", f"/hooks/{self.key}/", body, headers)

    def _browser(self) -> Browser:
        browser: Browser | None = getattr(self._mine, "browser", None)
        if browser is None:
            browser = self._mine.browser = Browser(self._port)
        return browser


def _inbox(place: Place) -> tuple[int, str]:
    with place.connect() as database:
        row = database.execute(
            "select i.id, i.key from conversations_inbox i "
            "join accounts_clientaccount a on a.id = i.account_id "
            "where a.slug = 'kogane' and i.channel = 'line'"
        ).fetchone()
    assert row is not None
    return int(row[0]), str(row[1])


def stored_messages(
    place: Place, inbox: int, events: Sequence[Event]
) -> dict[str, int]:
    """The messages that have come of the events: our numbers by the provider's."""
    with place.connect() as database:
        rows = database.execute(
            "select provider_message_id, id from conversations_message "
            "where inbox_id = %s and provider_message_id = any(%s)",
            [inbox, [one.message_id for one in events]],
        ).fetchall()
    return dict(rows)


def now() -> float:
    return time.time()
