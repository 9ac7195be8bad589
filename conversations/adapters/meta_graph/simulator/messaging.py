"""The Messenger Platform: a page's and an Instagram account's messages."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from conversations.adapters.base import Connection
from conversations.adapters.meta_graph.simulator.graph import (
    GraphSimulator,
    encoded,
    milliseconds,
    new_id,
)
from conversations.adapters.simulation.base import Line, route
from conversations.adapters.simulation.samples import PICTURE
from conversations.adapters.simulation.wire import Answer, Request, form_parts

_HUMAN_WINDOW = timedelta(days=7)
_LIMITS = {"page": 2000, "instagram": 1000}


class MessagingSimulator(GraphSimulator):
    object = "page"
    account = "page_id"
    kinds = (*GraphSimulator.kinds, "postback", "elsewhere")

    def __init__(self, connections: Any) -> None:
        super().__init__(connections)
        self.subscribed: set[str] = set()

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        ids = {
            "page_id": f"1020000000000{number:02d}",
            "instagram_id": f"1784140000000{number:04d}",
        }
        return {**super().demo(number), "page_id": ids["page_id"]} | {
            cls.account: ids[cls.account]
        }

    # --- the API ---
    @route("POST", r"/v[\d.]+/(?P<page>\d+)/messages")
    def send(self, request: Request, page: str) -> Answer:
        connection = self.connection_of(request, "page_id", page)
        if connection is None:
            return self.no_token()
        payload = request.json()
        person = str(payload.get("recipient", {}).get("id", ""))
        if payload.get("sender_action"):
            self.seen.append(person)
            return Answer.json({"recipient_id": person})
        refusal = self._refusal(payload, person)
        if refusal is not None:
            return refusal
        mid = new_id("m_")
        self.add_line(self._line(person, mid, payload["message"]), connection)
        self.later(lambda: self._echo(connection, person, mid, payload["message"]))
        return Answer.json({"recipient_id": person, "message_id": mid})

    def _refusal(self, payload: dict[str, Any], person: str) -> Answer | None:
        message = payload.get("message")
        if not person or not isinstance(message, dict):
            return self.error(100, "The parameter recipient is required")
        text = str(message.get("text", ""))
        is_page = self.object == "page"
        length = len(text) if is_page else len(text.encode())
        if length > _LIMITS[self.object]:
            return self.error(100, "Length of param message[text] is too long")
        is_human = payload.get("messaging_type") == "MESSAGE_TAG"
        if is_human and payload.get("tag") != "HUMAN_AGENT":
            return self.error(100, "Invalid message tag")
        window = {"window": _HUMAN_WINDOW} if is_human else {}
        if not self.is_open(person, **window):
            text = "This message is sent outside of allowed window."
            return self.error(10, text, subcode=2018278 if is_page else 2534022)
        return None

    def _line(self, person: str, mid: str, message: dict[str, Any]) -> Line:
        attachment = message.get("attachment")
        text = message.get("text", "")
        if attachment:
            stored = self.files.get(attachment["payload"].get("attachment_id", ""))
            size = len(stored[1]) if stored else 0
            text = f"[{attachment['type']}, {size} bytes]"
        return Line(person, is_ours=True, text=text, id=mid, facts=message)

    @route("POST", r"/v[\d.]+/(?P<page>\d+)/message_attachments")
    def upload(self, request: Request, page: str) -> Answer:
        if self.connection_of(request, "page_id", page) is None:
            return self.no_token()
        parts = form_parts(request)
        if "filedata" not in parts or "message" not in parts:
            return self.error(100, "Upload attachment failure.", subcode=2018047)
        content, name, content_type = parts["filedata"]
        if self.object == "instagram" and not name.isascii():
            return self.error(100, "Invalid file name", subcode=2018047)
        kind = json.loads(parts["message"][0])["attachment"]["type"]
        if kind != "file" and content_type.split("/")[0] != kind:
            return self.error(100, "Attachment type mismatch", subcode=2018047)
        return Answer.json({"attachment_id": self.store_file(content, content_type)})

    @route("GET", r"/v[\d.]+/me")
    def me(self, request: Request) -> Answer:
        connection = self.connection_of(request, "", "")
        if connection is None:
            return self.no_token()
        page: dict[str, Any] = {
            "id": connection.settings.get("page_id"),
            "name": connection.name,
        }
        if connection.settings.get("instagram_id"):
            account = {"id": connection.settings["instagram_id"], "username": "mise"}
            page["instagram_business_account"] = account
        return Answer.json(page)

    @route("GET", r"/v[\d.]+/(?P<page>\d+)/subscribed_apps")
    def subscriptions(self, request: Request, page: str) -> Answer:
        connection = self.connection_of(request, "page_id", page)
        if connection is None:
            return self.no_token()
        app_id = connection.settings.get("app_id", "")
        fields = sorted(self.subscribed)
        apps = [{"id": app_id, "subscribed_fields": fields}] if fields else []
        return Answer.json({"data": apps})

    @route("POST", r"/v[\d.]+/(?P<page>\d+)/subscribed_apps")
    def subscribe(self, request: Request, page: str) -> Answer:
        if self.connection_of(request, "page_id", page) is None:
            return self.no_token()
        self.subscribed |= set(request.json().get("subscribed_fields", "").split(","))
        return Answer.json({"success": True})

    @route("GET", r"/v[\d.]+/(?P<person>[A-Za-z0-9]+)")
    def profile(self, request: Request, person: str) -> Answer:
        connection = self.connection_of(request, "", "")
        if connection is None:
            return self.no_token()
        if person not in self.last_contact:
            return self.error(100, "Object does not exist", subcode=33)
        picture = self.address_of(connection, self.store_file(PICTURE, "image/png"))
        return Answer.json(
            {"id": person, "name": f"ゲスト{person}", "profile_pic": picture}
        )

    # --- the customer ---
    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._message(connection, person, text, {"text": text})

    def write_image(self, connection: Connection, person: str, text: str) -> None:
        name = self.store_file(PICTURE, "image/png")
        payload = {"url": self.address_of(connection, name)}
        attachments = [{"type": "image", "payload": payload}]
        self._message(connection, person, "[image]", {"attachments": attachments})

    def write_reaction(self, connection: Connection, person: str, text: str) -> None:
        """On the newest message of ours."""
        ours = [line for line in self.lines_of(person, connection) if line.is_ours]
        if ours:
            reaction = {"mid": ours[-1].id, "action": "react", "emoji": text or "❤"}
            self._post(connection, person, reaction={**reaction, "reaction": "love"})

    def write_unsend(self, connection: Connection, person: str, text: str) -> None:
        """The newest message of theirs."""
        theirs = [
            line for line in self.lines_of(person, connection) if not line.is_ours
        ]
        if theirs:
            gone = {"mid": theirs[-1].id, "is_deleted": True}
            self._post(connection, person, message=gone)

    def write_postback(self, connection: Connection, person: str, text: str) -> None:
        self.record_contact(person)
        postback = {
            "mid": new_id("m_"),
            "title": text or "はじめる",
            "payload": "START",
        }
        self._post(connection, person, postback=postback)

    def write_elsewhere(self, connection: Connection, person: str, text: str) -> None:
        """Somebody of the shop answers in Meta's own inbox."""
        mid = new_id("m_")
        self.add_line(Line(person, is_ours=True, text=text, id=mid), connection)
        message = {"text": text, "app_id": 263902037430900}
        self._echo(connection, person, mid, message)

    def write_read(self, connection: Connection, person: str, text: str) -> None:
        self._post(connection, person, read={"watermark": milliseconds()})

    def _message(
        self, connection: Connection, person: str, shown: str, message: dict[str, Any]
    ) -> None:
        mid = new_id("m_")
        self.record_contact(person)
        self.add_line(Line(person, is_ours=False, text=shown, id=mid), connection)
        self._post(connection, person, message={"mid": mid, **message})

    def _post(self, connection: Connection, person: str, **event: Any) -> int:
        return self._entry(connection, person, self._account(connection), event)

    def _echo(
        self, connection: Connection, person: str, mid: str, message: dict[str, Any]
    ) -> int:
        echo = {"is_echo": True, "mid": mid, "app_id": self._app(connection), **message}
        if "attachment" in echo:
            echo["attachments"] = [echo.pop("attachment")]
        event = {"message": echo}
        return self._entry(connection, self._account(connection), person, event)

    def _entry(
        self, connection: Connection, sender: str, recipient: str, event: dict[str, Any]
    ) -> int:
        item = {
            "sender": {"id": sender},
            "recipient": {"id": recipient},
            "timestamp": milliseconds(),
            **event,
        }
        account = self._account(connection)
        entry = {"id": account, "time": milliseconds(), "messaging": [item]}
        return self.post_event(
            connection, encoded({"object": self.object, "entry": [entry]})
        )

    def _account(self, connection: Connection) -> str:
        return connection.settings.get(self.account, "")

    def _app(self, connection: Connection) -> int:
        return int(connection.settings.get("app_id") or 0)
