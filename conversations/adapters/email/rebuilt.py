"""A mail put together again from what a provider has made of it, and what it adds."""

import base64
import re
import secrets
from collections.abc import Sequence
from email.message import Message
from typing import Any

from conversations.adapters.email.verdict import PROVIDER

_ENDS = re.compile(r"[\r\n]+[ \t]*")
_OURS = {"content-type", "content-transfer-encoding", "mime-version"}


def with_route(raw: bytes, route: Sequence[str], results: Sequence[str]) -> bytes:
    """What the last server of the way would have written above the mail.

    A mail that begins with a blank would go on in the field above it.
    """
    verdicts = "; ".join(results) or "none"
    lines = [f"Authentication-Results: {PROVIDER}; {verdicts}"]
    lines += [f"Delivered-To: {_one_line(one)}" for one in route[:20] if one.strip()]
    return "".join(f"{line}\r\n" for line in lines).encode() + raw.lstrip(b"\r\n \t")


def rebuilt(message: Any) -> bytes:
    """`message`: an AnymailInboundMessage made of parsed fields."""
    fields = [
        f"{name}: {_one_line(str(value))}\r\n"
        for name, value in message.raw_items()
        if name.lower() not in _OURS
    ]
    boundary = secrets.token_hex(16)
    head = "".join(fields) + (
        f"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n"
    )
    parts = [_words("plain", message.text), _words("html", message.html)]
    words = secrets.token_hex(16)
    both = "".join(f"--{words}\r\n{part}" for part in parts if part)
    body = (
        f"\r\n--{boundary}\r\nContent-Type: multipart/alternative; boundary={words}"
        f"\r\n\r\n{both}--{words}--\r\n"
    )
    files = "".join(
        f"--{boundary}\r\n{_file(part)}"
        for part in message.walk()
        if not part.is_multipart() and part.get_content_disposition()
    )
    return f"{head}{body}{files}--{boundary}--\r\n".encode("utf-8", "surrogateescape")


def _words(kind: str, text: str | None) -> str:
    if not text:
        return ""
    packed = _packed(text.encode("utf-8", "replace"))
    return (
        f"Content-Type: text/{kind}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{packed}"
    )


def _file(part: Message) -> str:
    content = part.get_payload(decode=True)
    lines = [f"Content-Type: {part.get_content_type()}"]
    disposition = part.get_content_disposition()
    name = _one_line(part.get_filename() or "").replace('"', "'")
    lines.append(f'Content-Disposition: {disposition}; filename="{name}"')
    if part.get("Content-ID"):
        lines.append(f"Content-ID: {_one_line(str(part['Content-ID']))}")
    lines.append("Content-Transfer-Encoding: base64")
    packed = _packed(content if isinstance(content, bytes) else b"")
    return "\r\n".join(lines) + f"\r\n\r\n{packed}"


def _packed(content: bytes) -> str:
    return base64.encodebytes(content).decode().replace("\n", "\r\n") + "\r\n"


def _one_line(text: str) -> str:
    return _ENDS.sub(" ", text).strip()
