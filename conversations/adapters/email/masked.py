"""A raw mail without card numbers; every byte of all other parts is as it came."""

import base64
import re
from collections.abc import Iterator

from agentdesk.web.cards import mask_cards
from conversations.adapters.email.charset import decode
from conversations.adapters.email.header import text_of
from conversations.adapters.email.structure import (
    Part,
    content_of,
    take_apart,
    unframed,
)
from conversations.adapters.masking import masked_bytes
from conversations.adapters.raw import RawEvent

_LABELS = re.compile(
    rb"^content-(?:type|transfer-encoding):.*(?:\r?\n[ \t].*)*(?:\r?\n)?",
    re.IGNORECASE | re.MULTILINE,
)
_SUBJECT = re.compile(
    rb"^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)
# Where people and files are called something: addresses and boundaries are no words.
_NAMING = re.compile(
    rb"^(?:from|sender|reply-to|to|cc|content-type|content-disposition):"
    rb".*(?:\r?\n[ \t].*)*",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(
    rb"(?<![^<>,;:])[^<>,;:]++(?=<)"
    rb"|\b(?:file)?name[*\d]*+=[ \t]*+(?:\"[^\"]*+\"|[^\s;]+)",
    re.IGNORECASE,
)
_MOST = 1_000_000  # bytes of the words of a mail: what is longer is a file
_KEPT = ("format", "delsp", "name")


def mail_event(event_id: str, raw: bytes) -> RawEvent:
    """A mail as it is kept. What begins like JSON is none of our own notes."""
    raw = masked_mail(raw)
    return RawEvent(event_id, b"\r\n" + raw if raw.lstrip()[:1] == b"{" else raw)


def masked_mail(raw: bytes) -> bytes:
    part, _flaws = take_apart(raw)
    whole, left = unframed(raw), _MOST
    masked: list[tuple[Part, str]] = []
    for leaf in _leaves(part):
        if not leaf.content_type.startswith("text/") or not leaf.body:
            continue
        content, _is_known = content_of(leaf)
        if len(content) > left:
            continue
        left -= len(content)
        text = decode(content, leaf.parameters.get("charset", ""))
        if (without := mask_cards(text, only_issued=True)) != text:
            masked.append((leaf, without))
    for leaf, text in reversed(masked):
        whole = _replaced(whole, leaf, text)
    raw = whole if masked else raw
    raw = _NAMING.sub(lambda field: _NAME.sub(_masked_name, field[0]), raw)
    return _with_masked_subject(raw)


def _masked_name(name: re.Match[bytes]) -> bytes:
    return masked_bytes(name[0])


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _replaced(whole: bytes, leaf: Part, text: str) -> bytes:
    end = leaf.body_start + len(leaf.body)
    kept = "".join(
        f'; {name}="{value}"'
        for name in _KEPT
        if (value := leaf.parameters.get(name, "").replace('"', "'"))
    )
    labels = (
        f"Content-Type: {leaf.content_type}; charset=utf-8{kept}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
    ).encode("utf-8", "replace")
    fields = _LABELS.sub(b"", whole[leaf.start : leaf.body_start])
    packed = base64.encodebytes(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    # A boundary takes the line end before it for its own.
    return b"".join(
        (whole[: leaf.start], labels, fields or b"\r\n", packed, whole[end:])
    )


def _with_masked_subject(raw: bytes) -> bytes:
    end = re.search(rb"\r?\n\r?\n", raw)
    head = raw[: end.start()] if end else raw
    found = _SUBJECT.search(head[:100_000])
    if found is None:
        return raw
    part, _flaws = take_apart(b"Subject: " + found[1] + b"\r\n\r\n")
    text = text_of(part.fields.first("subject"))
    masked = mask_cards(text, only_issued=True)
    if masked == text:
        return raw
    return raw[: found.start(1)] + masked.encode() + raw[found.end(1) :]
