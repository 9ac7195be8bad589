"""The customers' side of the simulated LINE: what they do becomes a webhook event.

Every event is held against LINE's own webhook.yml before it is posted.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from conversations.adapters.base import Connection
from conversations.adapters.line.simulator.world import (
    BOT,
    ID,
    Content,
    Person,
    Token,
    digest,
    new_person,
)
from conversations.adapters.simulation.base import Connections, Line, Simulator
from conversations.adapters.simulation.openapi import Spec, load
from conversations.adapters.simulation.samples import PDF, PICTURE, VIDEO

SPECS = Path(__file__).parent / "specs"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _with_edits(schemas: Any) -> None:
    """`messageEdited` came after the file. Source: line-openapi, pull request 129."""
    schemas["MessageEditedEvent"] = deepcopy(schemas["MessageEvent"])
    mapping = schemas["Event"]["discriminator"]["mapping"]
    mapping["messageEdited"] = "#/components/schemas/MessageEditedEvent"


def webhook_spec() -> Spec:
    return load(SPECS / "webhook.yml", _with_edits)


class LinePeople(Simulator):
    channel = "line"
    signs_with = frozenset({"channel_secret"})
    title = "LINE"
    kinds: Sequence[str] = (
        *("text", "sticker", "image", "video", "file", "location", "unsend", "edit"),
        *("follow", "unfollow", "postback", "again"),
    )

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self.people: dict[str, Person] = {}
        self.nobodies: set[str] = set()  # ids of users who do not exist
        self.contents: dict[str, Content] = {}
        self.reply_tokens: dict[str, Token] = {}
        self.read_tokens: dict[str, Token] = {}
        self.link_tokens: dict[str, Token] = {}
        self.events: list[dict[str, Any]] = []
        self._number = 468789577898000000 + secrets.randbelow(10**9)

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {
            "channel_secret": digest(f"secret of the demo's company {number}"),
            "channel_access_token": f"simulated-token-of-company-{number}",
        }

    # --- who ---
    def person(self, name: str) -> Person:
        """`2` is a user; `g1:2` is the same user, writing in a group; `r1:2` in a room."""
        with self.lock:
            if name not in self.people:
                self.people[name] = new_person(name)
            return self.people[name]

    def name_of(self, place: str) -> str:
        """The person by whom a place is known here; empty where LINE knows nobody.

        Who has never written here is known by the id, unless it is one of `nobodies`.
        """
        with self.lock:
            for name, person in self.people.items():
                if person.place == place:
                    return name
        return place if ID.fullmatch(place) and place not in self.nobodies else ""

    # --- events ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        secret = connection.secrets["channel_secret"].encode()
        digest = hmac.new(secret, body, hashlib.sha256).digest()
        return {"x-line-signature": base64.b64encode(digest).decode()}

    def post(self, connection: Connection, *events: dict[str, Any]) -> int:
        """Post events in one request. Raises ValueError for what LINE would never send."""
        payload = {"destination": BOT, "events": list(events)}
        faults = webhook_spec().faults("CallbackRequest", payload)
        if faults:
            raise ValueError(f"no event of LINE's: {faults}")
        self.events.extend(events)
        return self.post_event(
            connection, json.dumps(payload, ensure_ascii=False).encode()
        )

    def event(
        self, name: str, kind: str, *, can_reply: bool = True, **more: Any
    ) -> dict[str, Any]:
        person = self.person(name)
        source = {"type": person.kind, "userId": person.user_id}
        if person.kind != "user":
            source[f"{person.kind}Id"] = person.place
        event = {
            "type": kind,
            "mode": "active",
            "timestamp": int(time.time() * 1000),
            "source": source,
            "webhookEventId": "".join(secrets.choice(_LETTERS) for _ in range(26)),
            "deliveryContext": {"isRedelivery": False},
            **more,
        }
        if can_reply:
            token = secrets.token_hex(16)
            self.reply_tokens[token] = Token(name)
            event["replyToken"] = token
        return event

    def redeliver(self, connection: Connection, index: int = -1) -> int:
        """The same event again, as LINE does where its first try has failed."""
        again = {**self.events[index], "deliveryContext": {"isRedelivery": True}}
        return self.post(connection, again)

    def message(self, name: str, kind: str, **content: Any) -> dict[str, Any]:
        read = secrets.token_urlsafe(20)
        self.read_tokens[read] = Token(name)
        message = {
            "id": self.next_id(),
            "type": kind,
            "markAsReadToken": read,
            **content,
        }
        if kind not in {"audio", "file", "location"}:
            message["quoteToken"] = secrets.token_urlsafe(20)
        return self.event(name, "message", message=message)

    def next_id(self) -> str:
        with self.lock:
            self._number += 1
            return str(self._number)

    def _post_message(
        self, connection: Connection, name: str, event: dict[str, Any], text: str
    ) -> None:
        message = event["message"]
        line = Line(name, False, text, message["id"], facts={"event": event})
        self.add_line(line, connection)
        self.post(connection, event)

    # --- the buttons of the page ---
    def write_text(self, connection: Connection, name: str, text: str) -> None:
        event = self.message(name, "text", text=text or "こんにちは")
        self._post_message(connection, name, event, event["message"]["text"])

    def write_sticker(self, connection: Connection, name: str, text: str) -> None:
        event = self.message(
            name,
            "sticker",
            packageId="446",
            stickerId="1988",
            stickerResourceType="ANIMATION",
            keywords=["よろしく", "おねがい"],
            **({"text": text[:100]} if text else {}),
        )
        self._post_message(connection, name, event, "[スタンプ]")

    def write_image(self, connection: Connection, name: str, text: str) -> None:
        self._send_file(connection, name, "image", Content(PICTURE, "image/png"))

    def write_video(self, connection: Connection, name: str, text: str) -> None:
        video = Content(VIDEO, "video/mp4", 1)
        self._send_file(connection, name, "video", video, duration=2200)

    def _send_file(
        self,
        connection: Connection,
        name: str,
        kind: str,
        content: Content,
        **more: Any,
    ) -> None:
        event = self.message(name, kind, contentProvider={"type": "line"}, **more)
        self.contents[event["message"]["id"]] = content
        self._post_message(connection, name, event, f"[{kind}]")

    def write_file(self, connection: Connection, name: str, text: str) -> None:
        event = self.message(name, "file", fileName="領収書.pdf", fileSize=len(PDF))
        self.contents[event["message"]["id"]] = Content(PDF, "application/pdf")
        self._post_message(connection, name, event, "[領収書.pdf]")

    def write_location(self, connection: Connection, name: str, text: str) -> None:
        event = self.message(
            name,
            "location",
            title=text or "倉庫",
            address="東京都千代田区丸の内1-1",
            latitude=35.681236,
            longitude=139.767125,
        )
        self._post_message(connection, name, event, "[位置情報]")

    def write_unsend(self, connection: Connection, name: str, text: str) -> None:
        """Their last message is taken back."""
        line = self._last(connection, name)
        if line is not None:
            line.text = ""
            self.contents.pop(line.id, None)
            event = self.event(
                name, "unsend", can_reply=False, unsend={"messageId": line.id}
            )
            self.post(connection, event)

    def write_edit(self, connection: Connection, name: str, text: str) -> None:
        """Their last text is changed."""
        line = self._last(connection, name, kind="text")
        if line is not None:
            line.text = text
            message = {**line.facts["event"]["message"], "text": text}
            self.post(connection, self.event(name, "messageEdited", message=message))

    def _last(self, at: Connection, name: str, kind: str = "") -> Line | None:
        for line in reversed(self.lines_of(name, at)):
            message = line.facts.get("event", {}).get("message", {})
            if not line.is_ours and line.text and kind in {"", message.get("type")}:
                return line
        return None

    def write_follow(self, connection: Connection, name: str, text: str) -> None:
        person = self.person(name)
        was_blocked, person.has_blocked, person.is_friend = (
            person.has_blocked,
            False,
            True,
        )
        follow = {"isUnblocked": was_blocked}
        self.post(connection, self.event(name, "follow", follow=follow))

    def write_unfollow(self, connection: Connection, name: str, text: str) -> None:
        self.person(name).has_blocked = True
        self.post(connection, self.event(name, "unfollow", can_reply=False))

    def write_postback(self, connection: Connection, name: str, text: str) -> None:
        postback = {"data": text or "action=return"}
        self.post(connection, self.event(name, "postback", postback=postback))

    def write_again(self, connection: Connection, name: str, text: str) -> None:
        if self.events:
            self.redeliver(connection)

    def link_account(self, connection: Connection, token: str, nonce: str) -> int:
        """The shop has sent the customer on to LINE's accountLink page; the event's status."""
        known = self.link_tokens.get(token)
        if known is None or known.is_used or time.time() - known.at > 600:
            raise ValueError("the link token is not valid")
        known.is_used = True
        link = {"result": "ok", "nonce": nonce}
        return self.post(connection, self.event(known.person, "accountLink", link=link))
