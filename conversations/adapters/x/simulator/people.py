"""X's side of a conversation: a check of our address, signed activity."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

import httpx2

from agentdesk import http_client as outbound
from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Line
from conversations.adapters.x.simulator.api import XApi

_LINK = "https://t.co/dOLqpmn7zX"


class XSimulator(XApi):
    channel = "x"
    is_strict = False  # its token is what the sign-in page has given
    title = "X"
    kinds = ("text", "image", "encrypted", "read", "elsewhere")

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {
            "client_id": f"client-{number}",
            "consumer_secret": f"consumer-secret-{number}",
            "refresh_token": f"refresh-{number}",
        }

    # --- events ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        secret = connection.secrets.get("consumer_secret", "")
        return {"x-twitter-webhooks-signature": code(secret, body)}

    def check_address(self, connection: Connection) -> bool:
        """The challenge-response check, as X does it before it posts and every day."""
        token = secrets.token_urlsafe(16)
        with outbound.client(is_guarded=False) as client:
            response = client.get(connection.public_url, params={"crc_token": token})
        if response.status_code != httpx2.codes.OK:
            return False
        secret = connection.secrets.get("consumer_secret", "")
        token_given = str(response.json().get("response_token", ""))
        return hmac.compare_digest(token_given, code(secret, token.encode()))

    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._post_message(
            connection, person, self.account(connection), text, person=person
        )

    def write_image(self, connection: Connection, person: str, text: str) -> None:
        url = "https://ton.twitter.com/1.1/ton/data/dm/1/2/7WY9gUyS.jpg"
        media = {"type": "photo", "url": _LINK, "media_url_https": url}
        attachment = {"type": "media", "media": media}
        own = self.account(connection)
        self._post_message(
            connection,
            person,
            own,
            f"{text} {_LINK}",
            person=person,
            entities={"urls": [{"url": _LINK, "expanded_url": _LINK}]},
            attachment=attachment,
        )

    def write_elsewhere(self, connection: Connection, person: str, text: str) -> None:
        """Somebody of the company answers with X's own app."""
        self._post_message(
            connection, self.account(connection), person, text, person=person
        )

    def write_encrypted(self, connection: Connection, person: str, text: str) -> None:
        own = self.account(connection)
        number = next(self.numbers)
        self.add_line(
            Line(person, False, f"🔒 {text}", f"encrypted-{number}"), connection
        )
        sealed = base64.b64encode(text.encode()).decode()
        payload = {
            "conversation_id": f"{person}-{own}",
            "sender_id": person,
            "encoded_event": sealed,
        }
        event = {
            "event_type": "chat.received",
            "event_uuid": f"0f52b591-4b7e-4f13-92cd-{number:012x}",
            "payload": payload,
        }
        self._post(connection, {"data": event})

    def write_read(self, connection: Connection, person: str, text: str) -> None:
        read = {
            "created_timestamp": str(int(time.time() * 1000)),
            "sender_id": person,
            "target": {"recipient_id": self.account(connection)},
            "last_read_event_id": self.messages[-1]["id"] if self.messages else "0",
        }
        self._activity(connection, "direct_message_mark_read_events", read)

    def _post_message(
        self,
        connection: Connection,
        sender: str,
        recipient: str,
        text: str,
        *,
        person: str,
        **data: Any,
    ) -> None:
        one = self.add(sender, recipient, text)
        self.add_line(Line(person, sender != person, text, one["id"]), connection)
        event = {
            "type": "message_create",
            "id": one["id"],
            "created_timestamp": str(int(time.time() * 1000)),
            "message_create": {
                "target": {"recipient_id": recipient},
                "sender_id": sender,
                "message_data": {"text": text, "entities": {"urls": []}, **data},
            },
        }
        self._activity(connection, "direct_message_events", event)

    def _activity(
        self, connection: Connection, kind: str, event: Mapping[str, Any]
    ) -> None:
        own = self.account(connection)
        people = {event.get("sender_id"), own, *self._people()}
        users = {
            one: {"id": one, "name": f"ゲスト{one}", "screen_name": f"user_{one}"}
            for one in people
            if one
        }
        payload = {"for_user_id": own, kind: [event], "users": users}
        self._post(connection, payload)

    def _people(self) -> set[str]:
        return {one for row in self.messages for one in row["between"]}

    def _post(self, connection: Connection, payload: Mapping[str, Any]) -> None:
        body = json.dumps(payload, ensure_ascii=False).encode()
        self.post_event(connection, body)


def code(secret: str, message: bytes) -> str:
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"
