"""WhatsApp Cloud API: one number, templates, statuses in any order, people without number."""

import random
import re
from collections.abc import Mapping
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
from conversations.adapters.whatsapp.simulator.templates import (
    TEMPLATES,
    template_problem,
)

_LONGEST = 4096


class WhatsAppSimulator(GraphSimulator):
    """A person is a number without plus, or a BSUID such as JP.1234."""

    channel = "whatsapp"
    title = "WhatsApp"
    kinds = (*GraphSimulator.kinds, "location", "choice", "moves", "read")
    scopes = ("whatsapp_business_messaging", "whatsapp_business_management")

    def __init__(self, connections: Any) -> None:
        super().__init__(connections)
        self.is_subscribed = False
        self.addresses: dict[str, str] = {}  # where a number's events go
        self.scramble = False  # statuses in any order, and some twice

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {
            **super().demo(number),
            "phone_number_id": f"1030000000000{number:02d}",
            "waba_id": f"1040000000000{number:02d}",
        }

    def write(self, connection: Connection, person: str, kind: str, text: str) -> None:
        super().write(connection, number_of(person), kind, text)

    def is_of(self, line: Line, person: str) -> bool:
        return line.person == number_of(person)

    # --- the API ---
    @route("POST", r"/v[\d.]+/(?P<number>\d+)/messages")
    def send(self, request: Request, number: str) -> Answer:
        connection = self.connection_of(request, "phone_number_id", number)
        if connection is None:
            return self.no_token()
        payload = request.json()
        if payload.get("status") == "read":
            self.seen.append(str(payload.get("message_id", "")))
            return Answer.json({"success": True})
        person = str(payload.get("to") or payload.get("recipient") or "")
        refusal = self._refusal(payload, person)
        if refusal is not None:
            return refusal
        wamid = new_id("wamid.")
        line = Line(person, is_ours=True, text=_shown(payload), id=wamid, facts=payload)
        self.add_line(line, connection)
        mark = str(payload.get("biz_opaque_callback_data", ""))
        self.later(lambda: self.post_statuses(connection, wamid, mark))
        contacts = [{"input": person, "wa_id": person}]
        messages = [{"id": wamid, "message_status": "accepted"}]
        return Answer.json(
            {
                "messaging_product": "whatsapp",
                "contacts": contacts,
                "messages": messages,
            }
        )

    def _refusal(self, payload: dict[str, Any], person: str) -> Answer | None:
        if payload.get("messaging_product") != "whatsapp" or not person:
            return self.error(100, "Invalid parameter")
        if "." in person and payload.get("to"):
            return self.error(100, "A user id goes into recipient, not into to")
        if payload.get("type") == "template":
            problem = template_problem(payload["template"])
            return self.error(*problem) if problem else None
        if not self.is_open(person):
            details = "More than 24 hours have passed since the customer last replied."
            return self.error(131047, "Re-engagement message", details=details)
        if payload.get("type") == "text" and len(payload["text"]["body"]) > _LONGEST:
            return self.error(100, "Param text['body'] must be at most 4096 characters")
        return None

    @route("POST", r"/v[\d.]+/(?P<number>\d+)/media")
    def upload(self, request: Request, number: str) -> Answer:
        if self.connection_of(request, "phone_number_id", number) is None:
            return self.no_token()
        parts = form_parts(request)
        if parts.get("messaging_product", (b"",))[0] != b"whatsapp":
            return self.error(100, "Param messaging_product must be whatsapp")
        content, _name, content_type = parts["file"]
        return Answer.json({"id": self.store_file(content, content_type)})

    @route("GET", r"/v[\d.]+/(?P<account>\d+)/message_templates")
    def templates(self, request: Request, account: str) -> Answer:
        if self.connection_of(request, "waba_id", account) is None:
            return self.no_token()
        return Answer.json({"data": TEMPLATES, "paging": {"cursors": {"after": "x"}}})

    @route("GET", r"/v[\d.]+/(?P<account>\d+)/subscribed_apps")
    def subscriptions(self, request: Request, account: str) -> Answer:
        connection = self.connection_of(request, "waba_id", account)
        if connection is None:
            return self.no_token()
        app = {"whatsapp_business_api_data": {"id": connection.settings.get("app_id")}}
        return Answer.json({"data": [app] if self.is_subscribed else []})

    @route("POST", r"/v[\d.]+/(?P<account>\d+)/subscribed_apps")
    def subscribe(self, request: Request, account: str) -> Answer:
        if self.connection_of(request, "waba_id", account) is None:
            return self.no_token()
        self.is_subscribed = True
        return Answer.json({"success": True})

    @route("POST", r"/v[\d.]+/(?P<number>\d+)")
    def set_address(self, request: Request, number: str) -> Answer:
        if self.connection_of(request, "phone_number_id", number) is None:
            return self.no_token()
        configuration = request.json()["webhook_configuration"]
        self.addresses[number] = configuration["override_callback_uri"]
        return Answer.json({"success": True})

    @route("GET", r"/v[\d.]+/(?P<one>\d+)")
    def number_or_file(self, request: Request, one: str) -> Answer:
        """A number and a file are both asked for by their id."""
        connection = self.connection_of(request, "", "")
        if connection is None:
            return self.no_token()
        if one in self.files:
            kind, content = self.files[one]
            url = self.address_of(connection, one)
            media = {
                "url": url,
                "mime_type": kind,
                "file_size": len(content),
                "id": one,
            }
            return Answer.json({"messaging_product": "whatsapp", **media})
        if one != connection.settings.get("phone_number_id"):
            return self.error(100, "Unsupported get request", subcode=33)
        return Answer.json(
            {
                "id": one,
                "display_phone_number": "+81 3-4567-8901",
                "verified_name": connection.name,
                "quality_rating": "GREEN",
                "status": "CONNECTED",
                "webhook_configuration": {"phone_number": self.addresses.get(one, "")},
            }
        )

    # --- the customer ---
    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._message(connection, person, text, "text", text={"body": text})

    def write_image(self, connection: Connection, person: str, text: str) -> None:
        image = {"id": self.store_file(PICTURE, "image/png"), "mime_type": "image/png"}
        self._message(connection, person, "[image]", "image", image=image)

    def write_location(self, connection: Connection, person: str, text: str) -> None:
        place = {"latitude": 35.658, "longitude": 139.7016, "name": text or "渋谷駅"}
        self._message(connection, person, "[location]", "location", location=place)

    def write_choice(self, connection: Connection, person: str, text: str) -> None:
        chosen = {"type": "button_reply", "button_reply": {"id": "1", "title": text}}
        self._message(connection, person, text, "interactive", interactive=chosen)

    def write_reaction(self, connection: Connection, person: str, text: str) -> None:
        """On the newest message of ours."""
        ours = [line for line in self.lines_of(person, connection) if line.is_ours]
        if ours:
            reaction = {"message_id": ours[-1].id, "emoji": text or "❤"}
            self._message(connection, person, text, "reaction", reaction=reaction)

    def write_unsend(self, connection: Connection, person: str, text: str) -> None:
        """The newest message of theirs."""
        theirs = [
            line for line in self.lines_of(person, connection) if not line.is_ours
        ]
        if theirs:
            revoke = {"original_message_id": theirs[-1].id}
            self._message(connection, person, "[delete]", "revoke", revoke=revoke)

    def write_moves(self, connection: Connection, person: str, text: str) -> None:
        """To the number, or the user id, that `text` says."""
        system: dict[str, Any] = {"body": f"User changed from {person} to {text}"}
        message: dict[str, Any] = {"id": new_id("wamid."), "type": "system"}
        if "." in text:
            system |= {"type": "user_changed_user_id", "user_id": text}
            system["previous_user_id"] = person
        else:
            system |= {"type": "user_changed_number", "wa_id": text}
            message["from"] = person
        if person in self.last_contact:
            self.last_contact[text] = self.last_contact[person]
        event = {**message, "timestamp": _seconds(), "system": system}
        self._post(connection, messages=[event])

    def write_read(self, connection: Connection, person: str, text: str) -> None:
        ours = [line for line in self.lines_of(person, connection) if line.is_ours]
        if ours:
            self._status(connection, ours[-1].id, "read", "")

    def post_statuses(self, connection: Connection, wamid: str, mark: str) -> None:
        steps = ["sent", "delivered"]
        if self.scramble:
            steps = ["read", *steps, "delivered"]
            random.shuffle(steps)
        for step in steps:
            self._status(connection, wamid, step, mark)

    def _status(self, connection: Connection, wamid: str, step: str, mark: str) -> None:
        status = {"id": wamid, "status": step, "timestamp": _seconds()}
        if mark:
            status["biz_opaque_callback_data"] = mark
        self._post(connection, statuses=[status])

    def _message(
        self, connection: Connection, person: str, shown: str, kind: str, **fields: Any
    ) -> None:
        wamid = new_id("wamid.")
        self.record_contact(person)
        self.add_line(Line(person, is_ours=False, text=shown, id=wamid), connection)
        is_number = "." not in person
        sender = {"from" if is_number else "from_user_id": person}
        contact = {"wa_id" if is_number else "user_id": person}
        contact |= {"profile": {"name": f"ゲスト{person[-4:].lstrip('0')}"}}  # type: ignore[dict-item]  # JSON
        base = {"id": wamid, "timestamp": _seconds(), "type": kind, **sender}
        self._post(connection, contacts=[contact], messages=[{**base, **fields}])

    def _post(self, connection: Connection, **value: Any) -> int:
        metadata = {
            "display_phone_number": "81345678901",
            "phone_number_id": connection.settings.get("phone_number_id", ""),
        }
        change = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        entry = {
            "id": connection.settings.get("waba_id", ""),
            "changes": [{"field": "messages", "value": change}],
        }
        body = {"object": "whatsapp_business_account", "entry": [entry]}
        return self.post_event(connection, encoded(body))


def number_of(person: str) -> str:
    """The page calls people 1 and 2: here they have telephone numbers."""
    return f"81900000{int(person):04d}" if re.fullmatch(r"\d{1,4}", person) else person


def _seconds() -> str:
    return str(milliseconds() // 1000)


def _shown(message: dict[str, Any]) -> str:
    if message["type"] == "text":
        return str(message["text"]["body"])
    if message["type"] == "template":
        return f"[{message['template']['name']}]"
    return f"[{message['type']}]"
