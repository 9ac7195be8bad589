"""How SendGrid, Mailgun and Amazon SES take a mail: read as strictly as they do.

Source: Twilio SendGrid, "Mail Send"; Mailgun, "Messages"; Amazon SES API v2, "SendEmail".
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any
from urllib.parse import parse_qsl

from conversations.adapters.simulation.wire import Answer, Request

KINDS = ("to", "cc", "bcc")
# Fields SendGrid writes itself, and refuses a mail that brings them.
_SENDGRIDS_OWN = {"to", "from", "subject", "reply-to", "cc", "bcc", "content-type"}


class RefusedError(Exception):
    """In the provider's own form."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True)
class Taken:
    """One mail. `files`: name, content and content id (empty for no inline one) each."""

    people: Mapping[str, tuple[str, ...]]  # by to, cc, bcc
    subject: str
    text: str
    html: str
    fields: Mapping[str, str]
    files: tuple[tuple[str, bytes, str], ...] = ()

    @property
    def recipients(self) -> list[str]:
        return [one for each in KINDS for one in self.people[each]]

    def field(self, name: str) -> str:
        return next(
            (one for key, one in self.fields.items() if key.lower() == name.lower()), ""
        )


def of_sendgrid(request: Request) -> Taken:
    payload = request.json()
    (person,) = payload["personalizations"]
    content = {one["type"]: one["value"] for one in payload.get("content", [])}
    fields = dict(payload.get("headers", {}))
    if not payload.get("from", {}).get("email") or not person.get("to") or not content:
        raise RefusedError(
            sendgrid_error(400, "The personalizations field is required")
        )
    if any(name.lower() in _SENDGRIDS_OWN for name in fields):
        raise RefusedError(sendgrid_error(400, "You've included a reserved header"))
    people = {
        each: tuple(one["email"] for one in person.get(each, [])) for each in KINDS
    }
    every = [one for each in people.values() for one in each]
    if len(set(every)) < len(every):
        raise RefusedError(sendgrid_error(400, "Each email address should be unique"))
    reply_to = ", ".join(one["email"] for one in payload.get("reply_to_list", []))
    return Taken(
        people=people,
        subject=payload.get("subject", ""),
        text=content.get("text/plain", ""),
        html=content.get("text/html", ""),
        fields={**fields, "Reply-To": reply_to, "From": payload["from"]["email"]},
        files=tuple(
            (
                one["filename"],
                base64.b64decode(one["content"]),
                one.get("content_id", "") if one.get("disposition") == "inline" else "",
            )
            for one in payload.get("attachments", [])
        ),
    )


def sendgrid_error(status: int, text: str) -> Answer:
    errors = {"errors": [{"message": text, "field": None, "help": None}]}
    return Answer.json(errors, status=status)


def of_mailgun(request: Request) -> Taken:
    form = _form(request)
    fields = {
        name[2:]: value
        for name, _file, value, _content in form
        if name.startswith("h:")
    }
    values = {name: value for name, _file, value, _content in form}
    if not values.get("to"):
        text = "to parameter is missing"
        raise RefusedError(Answer.json({"message": text}, status=400))
    for kind in KINDS:
        if any("@" not in one for one in _addresses(form, kind)):
            text = (
                f"'{kind}' parameter is not a valid address. please check documentation"
            )
            raise RefusedError(Answer.json({"message": text}, status=400))
    return Taken(
        people={kind: tuple(_addresses(form, kind)) for kind in KINDS},
        subject=values.get("subject", ""),
        text=values.get("text", ""),
        html=values.get("html", ""),
        fields={**fields, "From": values.get("from", "")},
        files=tuple(
            (file, content, file if name == "inline" else "")
            for name, file, _value, content in form
            if file
        ),
    )


def _form(request: Request) -> list[tuple[str, str, str, bytes]]:
    """Name, name of the file, text and bytes of each field."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    if "urlencoded" in request.headers["content-type"]:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True)
        return [(name, "", value, b"") for name, value in pairs]
    form: Any = message_from_bytes(head + request.body, policy=policy.HTTP)
    found = []
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True) or b""
        file = part.get_filename() or ""
        text = "" if file else content.decode("utf-8", "replace")
        found.append((name, file, text, content))
    return found


def _addresses(form: list[tuple[str, str, str, bytes]], kind: str) -> list[str]:
    values = [value for name, _file, value, _content in form if name == kind]
    return [address for _name, address in getaddresses(values)]


def of_amazon(request: Request) -> Taken:
    payload = json.loads(request.body)
    raw = base64.b64decode(payload["Content"]["Raw"]["Data"])
    if any(len(line) > 1000 for line in raw.splitlines()):
        raise RefusedError(amazon_error(400, "BadRequestException", "Line too long"))
    mail: Any = message_from_bytes(raw, policy=policy.default)
    where = payload["Destination"]
    return Taken(
        people={
            kind: tuple(where.get(f"{kind.capitalize()}Addresses", []))
            for kind in KINDS
        },
        subject=str(mail["Subject"]),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        fields={name: str(value) for name, value in mail.items()},
        files=tuple(
            (
                part.get_filename() or "",
                part.get_payload(decode=True),
                str(part.get("Content-ID", "")).strip("<>")
                if part.get_content_disposition() == "inline"
                else "",
            )
            for part in mail.walk()
            if part.get_content_disposition()
        ),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def amazon_error(status: int, name: str, text: str) -> Answer:
    return Answer.json(
        {"message": text}, status=status, headers={"x-amzn-ErrorType": name}
    )
