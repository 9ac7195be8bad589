"""A mail taken apart into its parts. Ours, because the standard library's parser knows
no bounds on parts and depth, and gives an attached mail back changed."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from conversations.adapters.email.header import (
    MAX_BLOCK,
    Fields,
    base64_bytes,
    read_fields,
)
from conversations.adapters.email.parameter import Parameters, read_parameters
from conversations.adapters.email.uuencode import uudecoded

MAX_PARTS = 200
MAX_DEPTH = 12

_END_OF_FIELDS = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_FIRST_FIELD = re.compile(rb"\A(?:From .*\r?\n)?[!-9;-~]+[ \t]*:")
_NO_FIELD = re.compile(rb"(?<=\n)(?![!-9;-~]+[ \t]*:|[ \t\r\n])[^\r\n]", re.MULTILINE)
_PARTS = re.compile(rb"\A\s*--(\S{1,100})[ \t]*\r?\nContent-", re.IGNORECASE)
_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_LOST_BOUNDARY = re.compile(rb"^--(\S{1,100})[ \t]*\r?\nContent-", re.MULTILINE)
# What a gateway may have put above the header: lines that are none of it.
_ABOVE = re.compile(
    rb"\A(?:(?![!-9;-~]+[ \t]*:)[^\r\n]{1,300}\r?\n){1,3}(?=(?:Received|From|To|Date|"
    rb"Subject|Message-ID|Return-Path|Delivered-To|MIME-Version):.*\n[!-9;-~]+:)",
    re.IGNORECASE,
)
# A mark of UTF-8, or an indent, before the first field.
_INDENT = re.compile(rb"[\r\n]*+(?:\xef\xbb\xbf)?[ \t]*+(?=[!-9;-~]+[ \t]*:)|[\r\n]+")
_PACKED = re.compile(
    rb"(?:[ \t]*+[A-Za-z0-9+/]++={0,2}[ \t]*+(?:\r?\n|\Z)|[ \t]*+\r?\n)*+"
)
_PLAIN_WORDS = re.compile(rb"[A-Za-z0-9,.:] [A-Za-z0-9]|[\x80-\xff]{2}|\x1b[$(]|://|--")
_SHORTEST = 6  # bytes: what is shorter may be a word that is no base64
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_UUENCODED = {"x-uuencode", "uuencode", "x-uue", "uue"}
_AS_IT_IS = {"", "7bit", "8bit", "binary"}


class Flaw(StrEnum):
    """What could not be read; the raw mail has it."""

    HEADER_SIZE = "header_size"
    PARTS = "parts"
    DEPTH = "depth"
    BOUNDARY = "boundary"
    ENCODING = "encoding"
    DATE = "date"
    SENDER = "sender"
    SIZE = "size"
    SEALED = "sealed"  # encrypted


@dataclass(frozen=True)
class Part:
    """`start` and `body_start`: where it stands in what `unframed` makes of the mail."""

    start: int
    body_start: int
    fields: Fields
    body: bytes
    content_type: str
    parameters: Parameters
    children: tuple["Part", ...] = ()

    @property
    def disposition(self) -> tuple[str, Parameters]:
        return read_parameters(self.fields.first("content-disposition"))


@dataclass
class _Reading:
    parts: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    def note(self, flaw: Flaw) -> None:
        if flaw not in self.flaws:
            self.flaws.append(flaw)


def take_apart(raw: bytes) -> tuple[Part, list[Flaw]]:
    """Of the attached mails nothing is taken apart: they are files."""
    reading = _Reading()
    whole = unframed(raw)
    above = _ABOVE.match(whole)
    start = above.end() if above else 0
    part = _part(whole[start:], reading, start=start, depth=0, default="text/plain")
    return part, reading.flaws


def unframed(raw: bytes) -> bytes:
    """From its first field on, with line ends that can be found."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    above = _INDENT.match(raw)
    return raw[above.end() :] if above else raw


def _part(
    raw: bytes,
    reading: _Reading,
    start: int,
    depth: int,
    default: str,
    outer: bytes = b"",
) -> Part:
    """`outer`: the boundary this part lies between."""
    block, body = _divided(raw)
    body_start = start + len(raw) - len(body)
    if len(block) > MAX_BLOCK:
        reading.note(Flaw.HEADER_SIZE)
    fields = read_fields(block)
    content_type, parameters = _kind(fields, body, default, depth)
    children: tuple[Part, ...] = ()
    if _shares(parameters, outer) and not body.strip():
        pass  # its parts stand beside it: `_nested` gives them to it
    elif content_type.startswith("multipart/"):
        default = (
            "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        )
        boundary = _boundary(body, parameters, reading)
        children = _nested(
            [
                (
                    _part(
                        piece, reading, body_start + at, depth + 1, default, boundary
                    ),
                    is_last,
                )
                for at, piece, is_last in list(_pieces(body, boundary, reading, depth))
            ],
            boundary,
        )
        if children:
            body = b""
        else:
            content_type = "text/plain"
    return Part(start, body_start, fields, body, content_type, parameters, children)


def _kind(
    fields: Fields, body: bytes, default: str, depth: int
) -> tuple[str, Parameters]:
    """As the field says; of several the one whose parts are there."""
    stated = [read_parameters(one) for one in fields.all("content-type")]
    for kind, parameters in stated[1:5]:
        boundary = parameters.get("boundary", "").encode("utf-8", "replace")
        if kind.startswith("multipart/") and boundary and b"--" + boundary in body:
            return kind, parameters
    kind, parameters = stated[0] if stated else ("", {})
    if not stated and depth == 0 and (found := _PARTS.match(body)):
        return "multipart/mixed", {"boundary": found[1].decode("utf-8", "replace")}
    return (kind if kind.count("/") == 1 else default), parameters


def _shares(parameters: Parameters, outer: bytes) -> bool:
    boundary = parameters.get("boundary", "").encode("utf-8", "replace")
    return bool(boundary) and boundary == outer


def _nested(pieces: list[tuple[Part, bool]], boundary: bytes) -> tuple[Part, ...]:
    """Where parts within parts have one boundary, the end of the inner ones tells."""
    found: list[Part] = []
    inner: list[Part] | None = None
    for part, is_last in pieces:
        if inner is not None:
            inner.append(part)
        elif _shares(part.parameters, boundary) and not part.children:
            found.append(part)
            inner = []
        else:
            found.append(part)
        if inner and is_last:
            found[-1] = replace(found[-1], children=tuple(inner))
            inner = None
    if inner:
        found[-1] = replace(found[-1], children=tuple(inner))
    return tuple(found)


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body. What does not begin with a field is all body."""
    end = _END_OF_FIELDS.search(raw)
    if _FIRST_FIELD.match(raw):
        if end is None and (words := _NO_FIELD.search(raw)):
            return raw[: words.start()], raw[
                words.start() :
            ]  # the blank line is missing
        return (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    return b"", raw[end.end() :] if end and end.start() == 0 else raw


def _boundary(body: bytes, parameters: Parameters, reading: _Reading) -> bytes:
    boundary = parameters.get("boundary", "").encode("utf-8", "replace")
    if boundary and b"--" + boundary in body:
        return boundary
    reading.note(Flaw.BOUNDARY)
    found = _LOST_BOUNDARY.search(body)
    return found[1] if found else b""


def _pieces(
    body: bytes, boundary: bytes, reading: _Reading, depth: int
) -> Iterator[tuple[int, bytes, bool]]:
    """With where they stand, and whether an end follows, after which others may come.

    None where no boundary is found, or it is too deep.
    """
    if depth == MAX_DEPTH:
        reading.note(Flaw.DEPTH)
        return
    if not boundary:
        return
    line = re.compile(
        rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
    )
    start: int | None = None
    for mark in line.finditer(body):
        if start is not None:
            yield start, body[start : mark.start()], bool(mark[1])
        if mark[1]:
            start = None
            continue
        if reading.parts == MAX_PARTS:
            reading.note(Flaw.PARTS)
            return
        reading.parts += 1
        start = body.find(b"\n", mark.end()) + 1 or len(body)
    if start is not None:
        yield start, body[start:], True


def content_of(part: Part) -> tuple[bytes, bool]:
    """The bytes as they were before they were packed, and whether that is known."""
    encoding = part.fields.first("content-transfer-encoding").strip().lower()
    name = encoding.decode("ascii", "replace").partition(";")[0].strip(' "')
    if name in _AS_IT_IS:
        return part.body, True
    if name == "base64":
        is_words = part.content_type.startswith("text/")
        packed = part.body
        return (_unpacked(packed) if is_words else base64_bytes(packed)), True
    if name == "quoted-printable":
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", part.body)), True
    if name in _UUENCODED:
        return uudecoded(part.body), True
    return part.body, False


def _unpacked(body: bytes) -> bytes:
    """With the plain words that a mailing list or a virus checker has put below it."""
    whole = _PACKED.match(body)
    packed = whole[0] if whole else b""
    below = body[len(packed) :]
    if not _PLAIN_WORDS.search(below):
        unpacked = base64_bytes(body)
        is_cut = len(body.translate(None, b"\r\n\t =")) % 4 == 1
        is_plain = is_cut and _CONTROLS.search(unpacked[:2_000])
        return body if is_plain else unpacked
    unpacked = base64_bytes(packed)
    if len(unpacked) < _SHORTEST or _CONTROLS.search(unpacked[:2_000]):
        return body  # nothing of it was ever packed
    return unpacked + b"\r\n" + below
