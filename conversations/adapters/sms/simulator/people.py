"""Twilio's side of a conversation: signed forms, and receipts in no sure order."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Line, route
from conversations.adapters.simulation.wire import Answer, Request
from conversations.adapters.sms.simulator.api import UNDELIVERED, TwilioApi

_FORM = "application/x-www-form-urlencoded"
_STOP, _START = {"STOP", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"}, {"START", "UNSTOP"}


class SmsSimulator(TwilioApi):
    channel = "sms"
    title = "SMS (Twilio)"
    kinds = ("text", "image", "stop", "start", "unheard")

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {
            "account_sid": f"AC{number:032x}",
            "auth_token": f"{number:032x}",
            "number": f"+8150312345{number:02d}",
        }

    # --- events ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
        text = connection.public_url + "".join(name + value for name, value in fields)
        token = connection.secrets.get("auth_token", "").encode()
        code = hmac.new(token, text.encode(), hashlib.sha1).digest()
        return {"X-Twilio-Signature": base64.b64encode(code).decode()}

    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._post(connection, self._receive(connection, person, text))

    def write_image(self, connection: Connection, person: str, text: str) -> None:
        one = self._receive(connection, person, text)
        one["num_media"] = "1"
        path = f"/2010-04-01/Accounts/{one['account_sid']}/Messages/{one['sid']}"
        url = f"{connection.api}{path}/Media/ME{one['sid'][2:]}"
        self._post(connection, one, MediaUrl0=url, MediaContentType0="image/png")

    def write_unheard(self, connection: Connection, person: str, text: str) -> None:
        """The webhook fails: only who asks for the list hears of the message."""
        self._receive(connection, person, text)

    def _receive(
        self, connection: Connection, person: str, text: str
    ) -> dict[str, Any]:
        sender = phone_of(person)
        word = text.strip().upper()
        if word in _STOP:
            self.stopped.add(sender)
        elif word in _START:
            self.stopped.discard(sender)
        to = connection.settings.get("number", "")
        account = connection.settings.get("account_sid", "")
        one = self.add("inbound", sender, to, text, account)
        self.add_line(Line(person, False, text, one["sid"]), connection)
        return one

    def _post(self, connection: Connection, one: Mapping[str, Any], **more: str) -> int:
        form = {
            "MessageSid": one["sid"],
            "SmsSid": one["sid"],
            "SmsMessageSid": one["sid"],
            "SmsStatus": "received",
            "AccountSid": one["account_sid"],
            "From": one["from"],
            "To": one["to"],
            "Body": one["body"],
            "NumMedia": one["num_media"],
            "ApiVersion": "2010-04-01",
            **more,
        }
        body = urlencode(form).encode()
        return self.post_event(connection, body, content_type=_FORM)

    def write_stop(self, connection: Connection, person: str, text: str) -> None:
        self.write_text(connection, person, "STOP")

    def write_start(self, connection: Connection, person: str, text: str) -> None:
        self.write_text(connection, person, "START")

    def is_of(self, line: Line, person: str) -> bool:
        """A phone shows what was sent to its number, too."""
        return line.person in {person, phone_of(person)}

    def advance(self, *statuses: str, sid: str = "") -> None:
        """Let messages go on, each status told as it comes: the order is yours.

        Without statuses: as the number has it, the receipt before "sent".
        """
        for one in list(self.messages):
            if one["direction"] == "inbound" or sid not in {"", one["sid"]}:
                continue
            code = UNDELIVERED.get(one["to"][-4:], "")
            end = "undelivered" if code else "delivered"
            for status in statuses or (end, "sent"):
                self._post_status(one, status, code if status == "undelivered" else "")
            one["status"], one["error_code"] = (statuses or (end,))[-1], code or None

    def _post_status(self, one: Mapping[str, Any], status: str, code: str) -> None:
        form = {
            "MessageSid": one["sid"],
            "SmsSid": one["sid"],
            "SmsStatus": status,
            "MessageStatus": status,
            "AccountSid": one["account_sid"],
            "From": one["from"],
            "To": one["to"],
            "ApiVersion": "2010-04-01",
            **({"ErrorCode": code} if code else {}),
        }
        body = urlencode(form).encode()
        for connection in self.connections():
            if connection.public_url == one["callback"]:
                self.post_event(connection, body, content_type=_FORM)

    @route("POST", "/_advance")
    def advance_all(self, request: Request) -> Answer:
        """JSON {statuses}: let every message on its way arrive."""
        self.advance(*request.json().get("statuses", ()))
        return Answer.json({})


def phone_of(person: str) -> str:
    """The number of a person of the page; one who is a number already keeps it."""
    if person.startswith("+"):
        return person
    digits = "".join(one for one in person if "0" <= one <= "9") or "1"
    return f"+81901{int(digits) % 1000:03d}5555"
