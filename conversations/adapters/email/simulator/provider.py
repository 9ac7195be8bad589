"""A mail provider as Postmark behaves. Source: Postmark's developer documentation.

It takes mail with a server token, tells of its delivery, and posts what customers write
with the raw mail in it, as its inbound stream does. Of SendGrid, Mailgun and Amazon it
has the sending, each as its own interface takes it.
"""

import base64
import itertools
import json
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from conversations.adapters.base import Connection
from conversations.adapters.email.simulator.apis import (
    KINDS,
    RefusedError,
    Taken,
    amazon_error,
    of_amazon,
    of_mailgun,
    of_sendgrid,
    sendgrid_error,
)
from conversations.adapters.simulation.base import Connections, Line, Simulator, route
from conversations.adapters.simulation.samples import PICTURE
from conversations.adapters.simulation.wire import Answer, Request

_DOMAIN = "customers.example"
# Addresses that begin so come back, as Postmark's own test addresses do.
_BOUNCING = "bounce"
_CREDENTIAL = re.compile(r"Credential=([^/,]+)/")


class EspSimulator(Simulator):
    channel = "email"
    signs_with = frozenset({"kind", "plus_addresses", "webhook_secret"})
    title = "Postmark"
    kinds = ("text", "html", "image")
    _numbers = itertools.count(1)

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self.taken: list[Taken] = []

    @classmethod
    def demo(cls, number: int) -> Mapping[str, str]:
        return {
            "kind": "postmark",
            "address": f"support{number}@desk.example",
            "server_token": f"server-token-of-company-{number}",
            "webhook_secret": f"secret-of-the-webhook-{number}",
            "plus_addresses": "yes",
        }

    # --- what the desk asks ---
    @route("POST", "/email")
    def send(self, request: Request) -> Answer:
        connection = self._of_secret(
            "server_token", request.headers.get("x-postmark-server-token", "")
        )
        if connection is None:
            return self._error(401, 10, "Bad or missing server API token.")
        mail = request.json()
        named = ",".join(mail[one] for one in ("To", "Cc", "Bcc") if mail.get(one))
        people = [one.strip() for one in named.split(",")]
        if not mail.get("From") or not all("@" in one for one in people):
            return self._error(422, 300, "Invalid email request")
        message_id = str(uuid.uuid4())
        self._take(connection, _of_postmark(mail), message_id)
        now = datetime.now(UTC).isoformat()
        return Answer.json(
            {
                "To": mail["To"],
                "SubmittedAt": now,
                "MessageID": message_id,
                "ErrorCode": 0,
                "Message": "OK",
            }
        )

    @route("POST", "/mail/send")
    def send_as_sendgrid(self, request: Request) -> Answer:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        connection = self._of_secret("api_key", key)
        if connection is None:
            return sendgrid_error(401, "The provided authorization grant is invalid")
        message_id = secrets.token_urlsafe(16)
        try:
            self._take(connection, of_sendgrid(request), message_id)
        except RefusedError as refused:
            return refused.answer
        return Answer(status=202, headers={"X-Message-Id": message_id})

    @route("POST", "/(?P<domain>[a-z0-9.-]+)/messages")
    def send_as_mailgun(self, request: Request, domain: str) -> Answer:
        connection = self._of_secret("api_key", _basic_password(request))
        if connection is None:
            return Answer(b"Forbidden", 401, "text/plain")
        if domain != connection.settings.get("sender_domain"):
            return Answer.json({"message": "Domain not found: " + domain}, status=404)
        try:
            taken = of_mailgun(request)
        except RefusedError as refused:
            return refused.answer
        message_id = taken.field("Message-Id") or f"<{uuid.uuid4()}@{domain}>"
        self._take(connection, taken, message_id.strip("<>"))
        return Answer.json({"id": message_id, "message": "Queued. Thank you."})

    @route("GET", "/scopes")
    def scopes_as_sendgrid(self, request: Request) -> Answer:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._of_secret("api_key", key) is None:
            return sendgrid_error(401, "authorization required")
        return Answer.json({"scopes": ["mail.send", "sender_verification_eligible"]})

    @route("GET", "/server")
    def server(self, request: Request) -> Answer:
        token = request.headers.get("x-postmark-server-token", "")
        if self._of_secret("server_token", token) is None:
            return self._error(401, 10, "Bad or missing server API token.")
        return Answer.json({"ID": 1, "Name": "Kogane", "DeliveryType": "Live"})

    @route("GET", "/v2/email/account")
    def account_as_amazon(self, request: Request) -> Answer:
        if self._of_credential(request) is None:
            text = "The security token included in the request is invalid."
            return amazon_error(403, "UnrecognizedClientException", text)
        return Answer.json({"ProductionAccessEnabled": True, "SendingEnabled": True})

    @route("POST", "/v2/email/outbound-emails")
    def send_as_amazon(self, request: Request) -> Answer:
        connection = self._of_credential(request)
        if connection is None:
            text = "The security token included in the request is invalid."
            return amazon_error(403, "UnrecognizedClientException", text)
        message_id = f"010f0{secrets.token_hex(8)}-{uuid.uuid4()}-000000"
        try:
            self._take(connection, of_amazon(request), message_id)
        except RefusedError as refused:
            return refused.answer
        return Answer.json({"MessageId": message_id})

    def _take(self, connection: Connection, taken: Taken, message_id: str) -> None:
        self.taken.append(taken)
        for person in taken.recipients:
            facts = {
                "subject": taken.subject,
                "message_id": taken.field("Message-ID") or f"<{message_id}@postmark>",
                "reply_to": taken.field("Reply-To"),
            }
            text = f"{taken.subject}\n{taken.text}"
            line = Line(self._person(person), True, text, message_id, facts=facts)
            self.add_line(line, connection)
            if connection.settings.get("kind") == "postmark":
                self._notify(connection, message_id, person)

    def _of_credential(self, request: Request) -> Connection | None:
        found = _CREDENTIAL.search(request.headers.get("authorization", ""))
        for one in self.connections():
            if found and one.settings.get("access_key_id") == found[1]:
                return one
        return None

    def _of_secret(self, name: str, given: str) -> Connection | None:
        for one in self.connections():
            if given and secrets.compare_digest(given, one.secrets.get(name, "")):
                return one
        return None

    def _error(self, status: int, code: int, text: str) -> Answer:
        return Answer.json({"ErrorCode": code, "Message": text}, status=status)

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        error = {"ErrorCode": 100, "Message": message}
        return Answer.json(error, status=status, headers=headers)

    def _notify(self, connection: Connection, message_id: str, address: str) -> None:
        """How the mail fared, a moment after it was taken."""
        now = datetime.now(UTC).isoformat()
        receipt: dict[str, Any] = {"MessageID": message_id, "MessageStream": "outbound"}
        if self._bare(address).startswith(_BOUNCING):
            receipt |= {
                "RecordType": "Bounce",
                "Type": "HardBounce",
                "ID": next(self._numbers),
                "Email": self._bare(address),
                "BouncedAt": now,
                "Details": "smtp;550 5.1.1 user unknown",
            }
        else:
            receipt |= {
                "RecordType": "Delivery",
                "Recipient": self._bare(address),
                "DeliveredAt": now,
                "Details": "smtp;250 OK",
            }
        self.post_event(connection, json.dumps(receipt).encode())

    # --- the customer's side ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        pair = f"agentdesk:{connection.secrets.get('webhook_secret', '')}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def write_text(self, connection: Connection, person: str, text: str) -> None:
        self._post(connection, person, self._mail(connection, person, text))

    def write_html(self, connection: Connection, person: str, text: str) -> None:
        mail = self._mail(connection, person, text)
        mail.add_alternative(f"<p><b>{text}</b></p>", subtype="html")
        self._post(connection, person, mail)

    def write_image(self, connection: Connection, person: str, text: str) -> None:
        mail = self._mail(connection, person, text)
        mail.add_attachment(
            PICTURE, maintype="image", subtype="png", filename="写真.png"
        )
        self._post(connection, person, mail)

    def _mail(self, connection: Connection, person: str, text: str) -> EmailMessage:
        """An answer to the last mail this person got, where there is one."""
        mail = EmailMessage(policy=policy.SMTP)
        mine = connection.settings.get("address", "")
        lines = reversed(self.lines_of(person, connection))
        last = next((one for one in lines if one.is_ours), None)
        begins = " ".join(text.split())[:20] or "お問い合わせ"
        subject = str(last.facts["subject"]) if last else begins
        mail["From"] = self._address(person)
        mail["To"] = str(last.facts["reply_to"] or mine) if last else mine
        mail["Subject"] = f"Re: {subject}" if last else subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{secrets.token_hex(12)}@{_DOMAIN}>"
        if last:
            mail["In-Reply-To"] = str(last.facts["message_id"])
        mail.set_content(text)
        return mail

    def _post(self, connection: Connection, person: str, mail: EmailMessage) -> None:
        body = mail.get_body(("plain",))
        text = f"{mail['Subject']}\n{body.get_content() if body else ''}"
        self.add_line(Line(person, False, text, str(mail["Message-ID"])), connection)
        payload = {
            "MessageID": str(uuid.uuid4()),
            "OriginalRecipient": mail["To"].addresses[0].addr_spec,
            "FromFull": {"Email": self._address(person), "Name": "", "MailboxHash": ""},
            "RawEmail": mail.as_bytes().decode("utf-8", "surrogateescape"),
        }
        self.post_event(connection, json.dumps(payload).encode())

    def _address(self, person: str) -> str:
        return person if "@" in person else f"customer{person}@{_DOMAIN}"

    def _person(self, address: str) -> str:
        bare = self._bare(address)
        local, _at, domain = bare.partition("@")
        return local.removeprefix("customer") if domain == _DOMAIN else bare

    def _bare(self, address: str) -> str:
        return address.rpartition("<")[2].strip("> ").lower()


def _basic_password(request: Request) -> str:
    kind, _space, packed = request.headers.get("authorization", "").partition(" ")
    if kind != "Basic":
        return ""
    return base64.b64decode(packed).decode().partition(":")[2]


def _of_postmark(mail: Mapping[str, Any]) -> Taken:
    people = {
        kind: tuple(
            one.strip()
            for one in mail.get(kind.capitalize(), "").split(",")
            if one.strip()
        )
        for kind in KINDS
    }
    fields = {one["Name"]: one["Value"] for one in mail.get("Headers", [])}
    return Taken(
        people=people,
        subject=mail.get("Subject", ""),
        text=mail.get("TextBody", ""),
        html=mail.get("HtmlBody", ""),
        fields={**fields, "Reply-To": mail.get("ReplyTo", "")},
        files=tuple(
            (
                one["Name"],
                base64.b64decode(one["Content"]),
                one.get("ContentID", "").removeprefix("cid:"),
            )
            for one in mail.get("Attachments", [])
        ),
    )
