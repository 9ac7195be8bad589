"""A raw mail without card numbers; every byte of all other parts is as it came."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote

import structlog

from agentdesk.card_masking import mask_cards, mask_cards_in_html
from conversations.adapters.email.charset import decode
from conversations.adapters.email.header import text_of
from conversations.adapters.email.parameter import read_parameters
from conversations.adapters.email.structure import (
    Part,
    content_of,
    take_apart,
    unframed,
)
from conversations.adapters.masking import masked_text
from conversations.adapters.raw import RawEvent

log = structlog.get_logger(__name__)

_LABELS = re.compile(
    rb"^content-(?:type|transfer-encoding):.*(?:\r?\n[ \t].*)*(?:\r?\n)?",
    re.IGNORECASE | re.MULTILINE,
)
# What mailers repeat the subject in, and all else that holds words.
_WORDED = re.compile(
    rb"^(subject|thread-topic|comments|keywords):[ \t]*(.*(?:\r?\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
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
_OF_FILES = re.compile(
    rb"^(content-type|content-disposition):(.*(?:\r?\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_ENCODED = re.compile(
    rb"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*+\?=(?:\s++=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*+\?=)*+"
)
_MOST = 2_000_000  # letters of the words of a mail: what is longer is a file
_MOST_NAMES = 300_000  # bytes of all its fields
_REMAINING = ("format", "delsp", "name")


def mail_event(event_id: str, raw: bytes) -> RawEvent:
    """A mail as it is kept, whatever is in it: one that cannot be read is kept too."""
    try:
        return _event(event_id, masked_mail(raw))
    except Exception:
        log.exception("mail_not_masked", provider_event=event_id)
        return unread_mail_event(event_id, raw)


def unread_mail_event(event_id: str, raw: bytes) -> RawEvent:
    """The same without taking it apart: of card numbers the plain ones are masked."""
    return _event(event_id, masked_text(raw))


def _event(event_id: str, raw: bytes) -> RawEvent:
    """What begins like JSON is none of our own notes."""
    return RawEvent(event_id, b"\r\n" + raw if raw.lstrip()[:1] == b"{" else raw)


def masked_mail(raw: bytes) -> bytes:
    part, _flaws = take_apart(raw)
    whole = unframed(raw)
    pieces, at = [], 0
    for start, end, masked in _edits(whole, part):
        pieces += [whole[at:start], masked]
        at = end
    return _with_masked_words(b"".join([*pieces, whole[at:]]) if pieces else raw)


def _edits(whole: bytes, part: Part) -> Iterator[tuple[int, int, bytes]]:
    """Where something else has to stand, in order; no mail can make it take long."""
    words_left, names_left = _MOST, _MOST_NAMES
    for one in _every(part):
        fields = whole[one.start : one.body_start]
        near, far = fields[:names_left], fields[names_left:]
        names_left -= len(near)
        masked_fields = _with_masked_names(near, one) + far
        content = _words_of(one) if words_left else b""
        text = decode(content, one.parameters.get("charset", ""))
        words, rest = text[:words_left], text[words_left:]
        words_left -= len(words)
        masked = _masked_words(words, one.content_type) + rest
        if masked != text:
            end = one.body_start + len(one.body)
            yield one.start, end, _relabelled(one, masked_fields, masked)
        elif masked_fields != fields:
            yield one.start, one.body_start, masked_fields


def _words_of(part: Part) -> bytes:
    if part.children or not part.body or not part.content_type.startswith("text/"):
        return b""
    return content_of(part)[0]


def _masked_words(text: str, content_type: str) -> str:
    return (mask_cards_in_html if content_type == "text/html" else mask_cards)(text)


def _with_masked_names(fields: bytes, part: Part) -> bytes:
    """Names of people and files, however they are encoded."""
    if not part.children:
        fields = _OF_FILES.sub(_masked_file, fields)
    return _NAMING.sub(_masked_names, fields)


def _masked_file(field: re.Match[bytes]) -> bytes:
    """As it is, but where a file's name holds a card number."""
    value, parameters = read_parameters(re.sub(rb"\r?\n", b"", field[2]))
    masked = {name: mask_cards(text) for name, text in parameters.items()}
    if all(
        masked[name] == parameters[name]
        for name in ("name", "filename") & masked.keys()
    ):
        return field[0]
    pieces = [f"{name}*=utf-8''{quote(text, safe='')}" for name, text in masked.items()]
    return field[1] + b": " + "; ".join([value, *pieces]).encode("utf-8", "replace")


def _masked_names(field: re.Match[bytes]) -> bytes:
    decoded = _ENCODED.sub(_masked_encoded, field[0])
    return _NAME.sub(lambda name: masked_text(name[0]), decoded)


def _masked_encoded(words: re.Match[bytes]) -> bytes:
    text = text_of(words[0])
    masked = mask_cards(text)
    if masked == text:
        return words[0]
    return b"=?utf-8?B?" + base64.b64encode(masked.encode("utf-8", "replace")) + b"?="


def _every(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _every(child)


def _relabelled(part: Part, fields: bytes, text: str) -> bytes:
    remaining = "".join(
        f'; {name}="{value}"'
        for name in _REMAINING
        if (value := part.parameters.get(name, "").replace('"', "'"))
    )
    labels = (
        f"Content-Type: {part.content_type}; charset=utf-8{remaining}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
    )
    packed = base64.encodebytes(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    # A boundary takes the line end before it for its own.
    rest = _LABELS.sub(b"", fields) or b"\r\n"
    return masked_text(labels.encode("utf-8", "replace")) + rest + packed


def _with_masked_words(raw: bytes) -> bytes:
    end = re.search(rb"\r?\n\r?\n", raw)
    head = raw[: end.start()] if end else raw
    near = head[:100_000]
    return _WORDED.sub(_masked_field, near) + raw[len(near) :]


def _masked_field(field: re.Match[bytes]) -> bytes:
    part, _flaws = take_apart(b"Subject: " + field[2] + b"\r\n\r\n")
    text = text_of(part.fields.first("subject"))
    masked = mask_cards(text)
    return field[0] if masked == text else field[1] + b": " + masked.encode()
