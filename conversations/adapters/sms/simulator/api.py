"""Twilio's REST API as it behaves: messages, their files, and what an account has set.

The last digits of a number decide what becomes of a message to it, as with Twilio's own
test numbers: see `REFUSED` and `UNDELIVERED`.
"""

import base64
import hmac
import itertools
import re
import time
from collections.abc import Mapping
from email.utils import formatdate
from threading import Timer
from typing import Any
from urllib.parse import parse_qsl, urlencode

from conversations.adapters.base import Connection
from conversations.adapters.simulation.base import Line, Simulator, route
from conversations.adapters.simulation.samples import PICTURE
from conversations.adapters.simulation.wire import Answer, Request

REFUSED = {
    "0001": (21211, "Invalid 'To' Phone Number"),
    "0009": (21614, "'To' number is not a valid mobile number"),
}
UNDELIVERED = {"0003": "30003", "0005": "30005", "0007": "30007"}
_ACCOUNT = r"/2010-04-01/Accounts/(?P<account>AC[0-9a-f]{32})"


class TwilioApi(Simulator):
    # Receipts come of themselves after so long; None: when `advance` is called.
    receipt_seconds: float | None = 1.0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.messages: list[dict[str, Any]] = []  # the oldest first
        self.stopped: set[str] = set()
        self.sms_url: str | None = None  # None: as it should be
        self.service_url: str | None = None
        self._numbers = itertools.count(1)

    def advance(self, *statuses: str, sid: str = "") -> None:
        """Let messages go on."""
        raise NotImplementedError

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        return self._error(status, 20429 if status == 429 else 20500, message, headers)

    def _error(
        self,
        status: int,
        code: int,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        error = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        return Answer.json(error, status=status, headers=headers)

    # --- the API ---
    def answer(self, request: Request) -> Answer:
        if not request.path.startswith("/_") and self._connection(request) is None:
            return self._error(401, 20003, "Authenticate")
        return super().answer(request)

    def _connection(self, request: Request) -> Connection | None:
        for connection in self.connections():
            sid = connection.settings.get("account_sid", "")
            pair = f"{sid}:{connection.secrets.get('auth_token', '')}"
            expected = f"Basic {base64.b64encode(pair.encode()).decode()}"
            if hmac.compare_digest(request.headers.get("authorization", ""), expected):
                return connection
        return None

    @route("POST", rf"{_ACCOUNT}/Messages\.json")
    def create(self, request: Request, account: str) -> Answer:
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        to, body = form.get("To", ""), form.get("Body", "")
        refusal = self._refusal(to, body)
        if refusal is not None:
            return self._error(400, *refusal)
        sender = form.get("From") or self._sender(request)
        row = self.add("outbound-api", sender, to, body, account)
        row["callback"] = form.get("StatusCallback", "")
        self.add_line(Line(to, True, body, row["sid"]), self._connection(request))
        if self.receipt_seconds is not None:
            sid = {"sid": row["sid"]}
            Timer(self.receipt_seconds, self.advance, kwargs=sid).start()
        return Answer.json(self._shown(row), status=201)

    def _refusal(self, to: str, body: str) -> tuple[int, str] | None:
        if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
            return 21211, f"Invalid 'To' Phone Number: {to}"
        if to[-4:] in REFUSED:
            return REFUSED[to[-4:]]
        if to in self.stopped:
            return 21610, "Attempt to send to unsubscribed recipient"
        if not body:
            return 21602, "Message body is required."
        if len(body) > 1600:
            return 21617, "The concatenated message body exceeds the limit"
        return None

    def _sender(self, request: Request) -> str:
        """The number of the service that the message goes out by."""
        connection = self._connection(request)
        return connection.settings.get("number", "") if connection else ""

    @route("GET", rf"{_ACCOUNT}/Messages\.json")
    def list_messages(self, request: Request, account: str) -> Answer:
        """A page, the newest first. `DateSent>` knows days alone, as Twilio's does."""
        query = request.query
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
            following = f"{request.path}?{more}"
        return Answer.json(
            {
                "messages": [self._shown(one) for one in rows],
                "next_page_uri": following,
                "page": page,
                "page_size": size,
            }
        )

    @route("GET", rf"{_ACCOUNT}/Messages/(?P<sid>\w+)/Media\.json")
    def list_media(self, request: Request, account: str, sid: str) -> Answer:
        path = f"{request.path.removesuffix('.json')}/ME{sid[2:]}.json"
        one = {"sid": f"ME{sid[2:]}", "content_type": "image/png", "uri": path}
        return Answer.json({"media_list": [one]})

    @route("GET", rf"{_ACCOUNT}/Messages/\w+/Media/ME\w+")
    def media(self, request: Request, account: str) -> Answer:
        """Twilio sends one on to where the file is kept."""
        return Answer(status=307, headers={"Location": f"/sms{request.path}/stored"})

    @route("GET", rf"{_ACCOUNT}/Messages/\w+/Media/ME\w+/stored")
    def stored(self, request: Request, account: str) -> Answer:
        return Answer(PICTURE, content_type="image/png")

    @route("GET", rf"{_ACCOUNT}\.json")
    def account(self, request: Request, account: str) -> Answer:
        connection = self._connection(request)
        name = connection.name if connection else ""
        shown = {"friendly_name": name, "status": "active"}
        return Answer.json({"sid": account, "type": "Full", **shown})

    @route("GET", rf"{_ACCOUNT}/IncomingPhoneNumbers\.json")
    def numbers(self, request: Request, account: str) -> Answer:
        connection = self._connection(request)
        wanted = request.query.get("PhoneNumber", "")
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
    def service(self, request: Request, sid: str) -> Answer:
        return Answer.json(
            {
                "sid": sid,
                "use_inbound_webhook_on_number": self.service_url is None,
                "inbound_request_url": self.service_url,
            }
        )

    def add(
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
        at = formatdate(one["at"]).replace("-0000", "+0000")
        hidden = {"at", "callback"}
        shown = {name: value for name, value in one.items() if name not in hidden}
        return shown | {"date_created": at, "date_sent": at, "date_updated": at}
