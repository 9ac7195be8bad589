"""A reply as a mail: the fields we decide about, and the bytes that leave."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import Any

from conversations.adapters.base import Outbound, OutboundFile
from conversations.adapters.email.incoming import MARK
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.token import plus_address
from conversations.contents.email import Email

UTF_8, ISO_2022_JP = "utf-8", "iso-2022-jp"
# Addresses of other letters than ASCII stand in the fields as UTF-8. Source: RFC 6532.
_EIGHT_BIT = compat32.clone(cte_type="8bit")
_WORD = 74  # letters of a line, the blank before it left out
_LINE = 900  # bytes; servers cut what is longer


def payload_of(outbound: Outbound, settings: Setting) -> dict[str, Any]:
    """All of a mail but its files, as JSON. `message_id` stands without brackets."""
    mail = Email.in_data(outbound.data) or Email()
    letter: Mapping[str, str] = outbound.data.get("letter", {})
    reply_to = ""
    if mail.token and settings.is_on("plus_addresses"):
        reply_to = plus_address(settings.address, mail.token)
    return {
        "from": [settings["from_name"], settings.address],
        "to": mail.to or [["", outbound.recipient.value]],
        "cc": mail.cc,
        "bcc": mail.bcc,
        "reply_to": reply_to,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "is_automatic": bool(outbound.data.get("automatic")),
        "text": letter.get("text") or outbound.body,
        "html": letter.get("html", ""),
    }


def recipients(payload: Mapping[str, Any]) -> list[str]:
    every = (*payload["to"], *payload["cc"], *payload["bcc"])
    return list(dict.fromkeys(address for _name, address in every))


def own_fields(payload: Mapping[str, Any], settings: Setting) -> dict[str, str]:
    """What providers' programming interfaces let us set, beside the usual."""
    fields = {
        "Message-ID": f"<{payload['message_id']}>",
        MARK: settings.connection.inbox_key,
    }
    if payload["in_reply_to"]:
        fields["In-Reply-To"] = f"<{payload['in_reply_to']}>"
    if payload["references"]:
        fields["References"] = " ".join(f"<{one}>" for one in payload["references"])
    if payload["is_automatic"]:
        fields["Auto-Submitted"] = "auto-replied"
        fields["X-Auto-Response-Suppress"] = "All"
    return fields


def message_of(
    payload: Mapping[str, Any],
    files: Sequence[OutboundFile],
    settings: Setting,
    *,
    at: datetime,
) -> bytes:
    """The mail for SMTP: in the inbox's character set where all of it can be.

    `payload` is a `deliverable_payload`.
    """
    charset = settings["charset"]
    if charset != UTF_8 and not _fits(payload, charset):
        charset = UTF_8
    message = _body(payload, files, charset)
    message["From"] = _addresses([payload["from"]], charset)
    message["To"] = _addresses(payload["to"], charset)
    if payload["cc"]:
        message["Cc"] = _addresses(payload["cc"], charset)
    if payload["reply_to"]:
        name = payload["from"][0]
        message["Reply-To"] = _addresses([[name, payload["reply_to"]]], charset)
    subject = Header(payload["subject"], charset, _WORD, header_name="Subject")
    message["Subject"] = subject.encode()
    message["Date"] = format_datetime(at)
    for name, value in own_fields(payload, settings).items():
        message[name] = value
    raw = message.as_bytes(policy=_EIGHT_BIT)
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _fits(payload: Mapping[str, Any], charset: str) -> bool:
    names = [
        name for name, _address in (payload["from"], *payload["to"], *payload["cc"])
    ]
    try:
        for text in (payload["text"], payload["html"], payload["subject"], *names):
            text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _body(
    payload: Mapping[str, Any], files: Sequence[OutboundFile], charset: str
) -> MIMEBase:
    body: MIMEBase = _words("plain", payload["text"], charset)
    placed = [file for file in files if is_placed(file, payload)]
    if payload["html"]:
        html: MIMEBase = _words("html", payload["html"], charset)
        if placed:
            html = _joined(
                "related", html, *(file_part(one, is_inline=True) for one in placed)
            )
        body = _joined("alternative", body, html)
    others = [file_part(file, is_inline=False) for file in files if file not in placed]
    return _joined("mixed", body, *others) if others else body


def is_placed(file: OutboundFile, payload: Mapping[str, Any]) -> bool:
    """Whether the HTML shows it where it belongs."""
    return bool(file.content_id) and f"cid:{file.content_id}" in payload["html"]


def _joined(kind: str, *parts: MIMEBase) -> MIMEMultipart:
    joined = MIMEMultipart(kind)
    for part in parts:
        del part["MIME-Version"]
        joined.attach(part)
    return joined


def _words(kind: str, text: str, charset: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", kind, charset=charset)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if charset == ISO_2022_JP and _has_short_lines(text, charset):
        part.set_payload(text.encode(charset).decode("ascii"))
        part["Content-Transfer-Encoding"] = "7bit"
        return part
    packed = base64.encodebytes(text.encode(charset)).decode("ascii")
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(packed)
    return part


def _has_short_lines(text: str, charset: str) -> bool:
    return all(len(line.encode(charset)) <= _LINE for line in text.split("\n"))


def file_part(file: OutboundFile, *, is_inline: bool) -> MIMEBase:
    kind, _slash, sub = file.content_type.partition("/")
    part = MIMEBase(kind or "application", sub or "octet-stream")
    part.set_payload(base64.encodebytes(file.load()).decode("ascii"))
    part["Content-Transfer-Encoding"] = "base64"
    disposition = "inline" if is_inline else "attachment"
    name: Any = file.name if file.name.isascii() else ("utf-8", "", file.name)
    part.add_header("Content-Disposition", disposition, filename=name)
    # Mailers that know no RFC 2231 read this one.
    part.set_param("name", encoded_words(file.name, UTF_8).replace("\n", ""))
    if is_inline:
        part["Content-ID"] = f"<{file.content_id}>"
    return part


def _addresses(addresses: Sequence[Sequence[str]], charset: str) -> str:
    """Carriers' addresses as they are: nothing here judges them."""
    every = [_address(name, address, charset) for name, address in addresses]
    return ",\n ".join(every).encode().decode("ascii", "surrogateescape")


def _address(name: str, address: str, charset: str) -> str:
    if name.isascii():  # quoted where it has to be; the address may be none of ASCII
        quoted = formataddr((name, "a@a")).removesuffix("a@a").removesuffix("<a@a>")
        return f"{quoted}<{address}>" if name else address
    return f"{encoded_words(name, charset)} <{address}>"


def encoded_words(text: str, charset: str) -> str:
    """As many as it takes: none may have more than 75 letters. Source: RFC 2047, 2."""
    return Header(text, charset, maxlinelen=_WORD, header_name="From").encode()
