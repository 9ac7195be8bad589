"""A mail provider as Postmark behaves. Source: Postmark's developer documentation.

It takes mail with a server token, tells of its delivery, and posts what customers write
with the raw mail in it, as its inbound stream does.
"""

import base64
import itertools
import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from conversations.adapters.base import Connection
from conversations.simulators.base import Line, Simulator, route
from conversations.simulators.samples import PICTURE
from conversations.simulators.wire import Answer, Asked

_DOMAIN = "customers.example"
# Addresses that begin so come back, as Postmark's own test addresses do.
_BOUNCING = "bounce"


class EspSimulator(Simulator):
    channel = "email"
    title = "Postmark"
    kinds = ("text", "html", "image")
    _numbers = itertools.count(1)

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
    def send(self, asked: Asked) -> Answer:
        connection = self._of_token(asked.headers.get("x-postmark-server-token", ""))
        if connection is None:
            return self._error(401, 10, "Bad or missing server API token.")
        told = asked.json()
        named = ",".join(told[one] for one in ("To", "Cc", "Bcc") if told.get(one))
        people = [one.strip() for one in named.split(",")]
        if not told.get("From") or not all("@" in one for one in people):
            return self._error(422, 300, "Invalid email request")
        message_id = str(uuid.uuid4())
        fields = {one["Name"]: one["Value"] for one in told.get("Headers", [])}
        for person in people:
            facts = {
                "subject": told.get("Subject", ""),
                "message_id": fields.get("Message-ID", f"<{message_id}@postmark>"),
                "reply_to": told.get("ReplyTo", ""),
            }
            text = f"{told.get('Subject', '')}\n{told.get('TextBody', '')}"
            self.said(Line(self._person(person), True, text, message_id, facts=facts))
            self._tell(connection, message_id, person)
        now = datetime.now(UTC).isoformat()
        return Answer.json(
            {
                "To": told["To"],
                "SubmittedAt": now,
                "MessageID": message_id,
                "ErrorCode": 0,
                "Message": "OK",
            }
        )

    def _of_token(self, token: str) -> Connection | None:
        for one in self.connections():
            if token and secrets.compare_digest(
                token, one.secrets.get("server_token", "")
            ):
                return one
        return None

    def _error(self, status: int, code: int, text: str) -> Answer:
        return Answer.json({"ErrorCode": code, "Message": text}, status=status)

    def refuse(self, status: int, message: str, headers: Mapping[str, str]) -> Answer:
        told = {"ErrorCode": 100, "Message": message}
        return Answer.json(told, status=status, headers=headers)

    def _tell(self, connection: Connection, message_id: str, address: str) -> None:
        """How the mail fared, a moment after it was taken."""
        now = datetime.now(UTC).isoformat()
        told: dict[str, Any] = {"MessageID": message_id, "MessageStream": "outbound"}
        if self._bare(address).startswith(_BOUNCING):
            told |= {
                "RecordType": "Bounce",
                "Type": "HardBounce",
                "ID": next(self._numbers),
                "Email": self._bare(address),
                "BouncedAt": now,
                "Details": "smtp;550 5.1.1 user unknown",
            }
        else:
            told |= {
                "RecordType": "Delivery",
                "Recipient": self._bare(address),
                "DeliveredAt": now,
                "Details": "smtp;250 OK",
            }
        self.post_event(connection, json.dumps(told).encode())

    # --- the customer's side ---
    def sign(self, connection: Connection, body: bytes) -> dict[str, str]:
        told = f"agentdesk:{connection.secrets.get('webhook_secret', '')}".encode()
        return {"Authorization": f"Basic {base64.b64encode(told).decode()}"}

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
        last = next(
            (one for one in reversed(self.lines_of(person)) if one.is_ours), None
        )
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
        self.said(Line(person, False, text, str(mail["Message-ID"])))
        told = {
            "MessageID": str(uuid.uuid4()),
            "OriginalRecipient": mail["To"].addresses[0].addr_spec,
            "FromFull": {"Email": self._address(person), "Name": "", "MailboxHash": ""},
            "RawEmail": mail.as_bytes().decode("utf-8", "surrogateescape"),
        }
        self.post_event(connection, json.dumps(told).encode())

    def _address(self, person: str) -> str:
        return person if "@" in person else f"customer{person}@{_DOMAIN}"

    def _person(self, address: str) -> str:
        bare = self._bare(address)
        local, _at, domain = bare.partition("@")
        return local.removeprefix("customer") if domain == _DOMAIN else bare

    def _bare(self, address: str) -> str:
        return address.rpartition("<")[2].strip("> ").lower()
