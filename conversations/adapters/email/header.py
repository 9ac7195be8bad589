"""Header fields as they are really written: raw bytes, encoded words, broken dates."""

import binascii
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from conversations.adapters.email.charset import decode

MAX_BLOCK = 256_000  # bytes of header fields that are looked at
MAX_FIELD = 64_000
MAX_FIELDS = 1_000
MAX_TEXT = 2_000
MAX_ID = 400
MAX_IDS = 60

_FIELD = re.compile(
    rb"^([!-9;-~]{1,100})[ \t]*:(.*(?:\n[ \t].*)*)$", re.MULTILINE | re.ASCII
)
_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_NOT_BASE64 = bytes(
    set(range(256))
    - set(string.ascii_letters.encode() + string.digits.encode() + b"+/")
)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]"
)
_BLANK = re.compile("[\t\r\n ]+")
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_ZONES = {"JST": "+0900"}
_ZONE = re.compile(r"\b(JST)\b(?!\))")
_PLAIN_DATE = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?\D{0,8}(\d{1,2}):(\d{2})(?::(\d{2}))?"
)
_JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Fields:
    """The fields of a header in their order; names in lower case, values unfolded."""

    items: tuple[tuple[str, bytes], ...] = ()

    def first(self, name: str) -> bytes:
        return next(self.all(name), b"")

    def all(self, name: str) -> Iterator[bytes]:
        return (value for key, value in self.items if key == name)


def read_fields(block: bytes) -> Fields:
    """Lines that are no fields are passed over."""
    block = block[:MAX_BLOCK].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = []
    for match in _FIELD.finditer(block):
        value = match[2][:MAX_FIELD].replace(b"\n", b"").strip()
        found.append((match[1].decode("ascii").lower(), value))
        if len(found) == MAX_FIELDS:
            break
    return Fields(tuple(found))


def text_of(value: bytes, label: str = "", limit: int = MAX_TEXT) -> str:
    """One line of words. `label`: what raw 8-bit characters are written in."""
    return one_line(decode_words(decode(value, label)))[:limit].strip()


def decode_words(text: str) -> str:
    """RFC 2047, wherever in `text` an encoded word stands."""
    told: list[str] = []
    raw, label, at = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if label and (between.strip() or word[1].lower() != label):
            told.append(decode(raw, label))
            raw = b""
        if between.strip() or not label:
            told.append(between)
        label = word[1].lower()
        raw += _word_bytes(word[2], word[3])
        at = word.end()
    if not label:
        return text
    told.append(decode(raw, label))
    return "".join(told) + text[at:]


def _word_bytes(encoding: str, body: str) -> bytes:
    if encoding in "qQ":
        body = body.replace("_", " ")
        return _HEX.sub(
            lambda match: bytes((int(match[1], 16),)), body.encode("utf-8", "replace")
        )
    return base64_bytes(body.encode("ascii", "ignore"))


def base64_bytes(body: bytes) -> bytes:
    """As far as it goes: without padding, with odd characters, cut off."""
    body = body.translate(None, _NOT_BASE64)
    if len(body) % 4 == 1:
        body = body[:-1]
    try:
        return binascii.a2b_base64(body + b"=" * (-len(body) % 4))
    except binascii.Error:
        return b""


def one_line(text: str) -> str:
    """Without line ends and controls, which are how headers are forged."""
    return _UNWANTED.sub("", _BLANK.sub(" ", text))


def ids_of(value: bytes) -> list[str]:
    """Message ids without their brackets: the first, and the newest of too many."""
    text = one_line(value.decode("utf-8", "replace"))
    ids = [one for one in _ID.findall(text) if len(one) <= MAX_ID]
    if not ids and "@" in text and " " not in text and len(text) <= MAX_ID:
        ids = [text.strip("<>")]
    ids = list(dict.fromkeys(ids))
    return ids if len(ids) <= MAX_IDS else ids[:1] + ids[1 - MAX_IDS :]


def date_of(value: bytes) -> datetime | None:
    """Aware, or None where it cannot be read or is out of all reason."""
    text = one_line(decode(value))[:200]
    at = _standard_date(text) or _plain_date(text)
    return at if at is not None and 1980 <= at.year < 2200 else None


def _standard_date(text: str) -> datetime | None:
    text = _ZONE.sub(lambda match: _ZONES[match[1]], text)
    try:
        at = parsedate_to_datetime(text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, LookupError, AttributeError):
        return None


def _plain_date(text: str) -> datetime | None:
    """2026/11/25 10:00, as Japanese groupware writes it: Japan's time."""
    match = _PLAIN_DATE.search(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups(default="0"))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_JAPAN)
    except ValueError:
        return None
