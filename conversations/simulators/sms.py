"""Twilio as it behaves: signed forms, a list of messages, receipts in no sure order.

Text that a person's phone would not take decides what becomes of a message to it: see
`_FATES`, by the last digits of the number, as Twilio's own test numbers do.
"""

import base64
import hashlib
import hmac
import itertools
import re
import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, urlencode

from conversations.adapters.base import Connection
from conversations.simulators.base import Line, Simulator, route
from conversations.simulators.wire import Answer, Asked

_FORM = "application/x-www-form-urlencoded"
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAA"
    "SUVORK5CYII="
)
# The last digits of a number, and what Twilio makes of a message to it.
_REFUSED = {
    "0001": (21211, "Invalid 'To' Phone Number"),
    "0009": (21614, "'To' number is not a valid mobile number"),
}
_UNDELIVERED = {"0003": "30003", "0005": "30005", "0007": "30007"}
_ACCOUNT = r"/2010-04-01/Accounts/(?P<account>AC[0-9a-f]{32})"
_STOP, _START = {"STOP", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"}, {"START", "UNSTOP"}


class SmsSimulator(Simulator):
    channel = "sms"
    title = "SMS (Twilio)"
    kinds = ("text", "picture", "unheard")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.messages: list[dict[str, Any]] = []  # the oldest first
        self.stopped: set[str] = set()
        self.sms_url: str | None = None  # None: as it should be
        self.service_url: str | None = None
        self._numbers = itertools.count(1)

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        return self._error(status, 20429 if status == 429 else 20500, message, headers)

    def _error(
        self,
        status: int,
        code: int,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        told = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        return Answer.json(told, status=status, headers=headers)

    # --- the API ---
    def answer(self, asked: Asked) -> Answer:
        if not asked.path.startswith("/_") and self._connection(asked) is None:
            return self._error(401, 20003, "Authenticate")
        return super().answer(asked)

    def _connection(self, asked: Asked) -> Connection | None:
        for connection in self.connections():
            sid = connection.settings.get("account_sid", "")
            pair = f"{sid}:{connection.secrets.get('auth_token', '')}"
            told = f"Basic {base64.b64encode(pair.encode()).decode()}"
            if hmac.compare_digest(asked.headers.get("authorization", ""), told):
                return connection
        return None

    @route("POST", rf"{_ACCOUNT}/Messages\.json")
    def create(self, asked: Asked, account: str) -> Answer:
        told = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        to, body = told.get("To", ""), told.get("Body", "")
        if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
            return self._error(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if to[-4:] in _REFUSED:
            return self._error(400, *_REFUSED[to[-4:]])
        if to in self.stopped:
            message = "Attempt to send to unsubscribed recipient"
            return self._error(400, 21610, message)
        if not body:
            return self._error(400, 21602, "Message body is required.")
        if len(body) > 1600:
            message = "The concatenated message body exceeds the 1600 character limit"
            return self._error(400, 21617, message)
        sender = told.get("From") or self._sender(asked)
        message_row = self._add("outbound-api", sender, to, body, account)
        message_row["callback"] = told.get("StatusCallback", "")
        self.said(Line(to, True, body, message_row["sid"]))
        return Answer.json(self._shown(message_row), status=201)

    def _sender(self, asked: Asked) -> str:
        """The number of the service that the message goes out by."""
        connection = self._connection(asked)
        return connection.settings.get("number", "") if connection else ""

    @route("GET", rf"{_ACCOUNT}/Messages\.json")
    def list_messages(self, asked: Asked, account: str) -> Answer:
        """A page, the newest first. `DateSent>` knows days alone, as Twilio's does."""
        query = asked.query
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        day = query.get("DateSent>", "")
        found = [
            one
            for one in reversed(self.messages)
            if query.get("To") in {None, one["to"]}
            and query.get("From") in {None, one["from"]}
            and time.strftime("%Y-%m-%d", time.gmtime(one["at"])) >= day
        ]
        rows = found[page * size : (page + 1) * size]
        following = None
        if found[(page + 1) * size :]:
            more = urlencode({**query, "Page": page + 1, "PageToken": "PASM"})
            following = f"{asked.path}?{more}"
        return Answer.json(
            {
                "messages": [self._shown(one) for one in rows],
                "next_page_uri": following,
                "page": page,
                "page_size": size,
            }
        )

    @route("GET", rf"{_ACCOUNT}/Messages/(?P<sid>\w+)/Media\.json")
    def list_media(self, asked: Asked, account: str, sid: str) -> Answer:
        path = f"{asked.path.removesuffix('.json')}/ME{sid[2:]}.json"
        one = {"sid": f"ME{sid[2:]}", "content_type": "image/png", "uri": path}
        return Answer.json({"media_list": [one]})

    @route("GET", rf"{_ACCOUNT}/Messages/\w+/Media/ME\w+")
    def media(self, asked: Asked, account: str) -> Answer:
        """Twilio sends one on to where the file is kept."""
        return Answer(status=307, headers={"Location": f"/sms{asked.path}/stored"})

    @route("GET", rf"{_ACCOUNT}/Messages/\w+/Media/ME\w+/stored")
    def stored(self, asked: Asked, account: str) -> Answer:
        return Answer(_PICTURE, content_type="image/png")

    @route("GET", rf"{_ACCOUNT}\.json")
    def account(self, asked: Asked, account: str) -> Answer:
        told = {"friendly_name": "Simulated account", "status": "active"}
        return Answer.json({"sid": account, "type": "Full", **told})

    @route("GET", rf"{_ACCOUNT}/IncomingPhoneNumbers\.json")
    def numbers(self, asked: Asked, account: str) -> Answer:
        connection = self._connection(asked)
        wanted = asked.query.get("PhoneNumber", "")
        if connection is None or connection.settings.get("number") != wanted:
            return Answer.json({"incoming_phone_numbers": []})
        url = connection.public_url if self.sms_url is None else self.sms_url
        number = {
            "phone_number": wanted,
            "capabilities": {"sms": True, "mms": False, "voice": True},
            "sms_url": url,
            "sms_method": "POST",
            "sms_application_sid": "",
        }
        return Answer.json({"incoming_phone_numbers": [number]})

    @route("GET", r"/v1/Services/(?P<sid>MG[0-9a-f]{32})")
    def service(self, asked: Asked, sid: str) -> Answer:
        return Answer.json(
            {
                "sid": sid,
                "use_inbound_webhook_on_number": self.service_url is None,
                "inbound_request_url": self.service_url,
            }
        )

    def _add(
        self, direction: str, sender: str, to: str, body: str, account: str
    ) -> dict[str, Any]:
        with self.lock:
            one = {
                "sid": f"SM{next(self._numbers):032x}",
                "account_sid": account,
                "direction": direction,
                "from": sender,
                "to": to,
                "body": body,
                "status": "received" if direction == "inbound" else "queued",
                "error_code": None,
                "num_media": "0",
                "at": time.time(),
            }
            self.messages.append(one)
        return one

    def _shown(self, one: Mapping[str, Any]) -> dict[str, Any]:
        at = formatdate(one["at"])
        hidden = {"at", "callback"}
        shown = {name: value for name, value in one.items() if name not in hidden}
        return shown | {"date_created": at, "date_sent": at, "date_updated": at}

    # --- events ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
        text = connection.public_url + "".join(name + value for name, value in fields)
        token = connection.secrets.get("auth_token", "").encode()
        code = hmac.new(token, text.encode(), hashlib.sha1).digest()
        return {"X-Twilio-Signature": base64.b64encode(code).decode()}

    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._post(connection, self._heard(connection, person, text))

    def write_picture(self, connection: Connection, person: str, text: str) -> None:
        one = self._heard(connection, person, text)
        one["num_media"] = "1"
        path = f"/2010-04-01/Accounts/{one['account_sid']}/Messages/{one['sid']}"
        url = f"{connection.api}{path}/Media/ME{one['sid'][2:]}"
        self._post(connection, one, MediaUrl0=url, MediaContentType0="image/png")

    def write_unheard(self, connection: Connection, person: str, text: str) -> None:
        """The webhook fails: only who asks for the list hears of the message."""
        self._heard(connection, person, text)

    def _heard(
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
        one = self._add("inbound", sender, to, text, account)
        self.said(Line(person, False, text, one["sid"]))
        return one

    def _post(
        self, connection: Connection, one: Mapping[str, Any], **more: str
    ) -> int:
        told = {
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
        body = urlencode(told).encode()
        return self.post_event(connection, body, content_type=_FORM)

    def lines_of(self, person: str) -> list[Line]:
        """A phone shows what was sent to its number, too."""
        number = phone_of(person)
        with self.lock:
            return [one for one in self.lines if one.person in {person, number}]

    def advance(self, *statuses: str, sid: str = "") -> None:
        """Let messages go on, each status told as it comes: the order is yours.

        Without statuses: as the number has it, the receipt before "sent".
        """
        for one in list(self.messages):
            if one["direction"] == "inbound" or sid not in {"", one["sid"]}:
                continue
            code = _UNDELIVERED.get(one["to"][-4:], "")
            end = "undelivered" if code else "delivered"
            for status in statuses or (end, "sent"):
                self._tell(one, status, code if status == "undelivered" else "")
            one["status"], one["error_code"] = (statuses or (end,))[-1], code or None

    def _tell(self, one: Mapping[str, Any], status: str, code: str) -> None:
        told = {
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
        body = urlencode(told).encode()
        for connection in self.connections():
            if connection.public_url == one["callback"]:
                self.post_event(connection, body, content_type=_FORM)

    @route("POST", "/_advance")
    def advance_all(self, asked: Asked) -> Answer:
        """JSON {statuses}: let every message on its way arrive."""
        self.advance(*asked.json().get("statuses", ()))
        return Answer.json({})


def phone_of(person: str) -> str:
    """The number of a person of the page; one who is a number already keeps it."""
    return person if person.startswith("+") else f"+8190{int(person or 1):08d}"
