"""Header fields as they are really written: raw bytes, encoded words, broken dates."""

import binascii
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from conversations.adapters.email.charset import decode
from conversations.adapters.email.plausible import oddness

MAX_BLOCK = 256_000  # bytes of header fields that are looked at
MAX_FIELD = 64_000
MAX_FIELDS = 1_000
MAX_TEXT = 2_000
MAX_ID = 400
MAX_IDS = 60

_FIELD = re.compile(
    rb"^([!-9;-~]{1,100})[ \t]*:(.*(?:\n[ \t].*)*)$", re.MULTILINE | re.ASCII
)
# With question marks that were not encoded, and cut off at the end of the field.
_WORD = re.compile(
    r"=\?([^?*\s]{1,60})(?:\*[^?]{0,40})?\?([bBqQ])\?"
    r"([^?]*(?:(?<!=)\?(?!=)[^?]*)*)(?:\?=|\??\Z)"
)
_NOT_BASE64 = bytes(
    set(range(256))
    - set(string.ascii_letters.encode() + string.digits.encode() + b"+/")
)
_MOST_PIECES = 1_000
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]"
)
_BLANK = re.compile("[\t\r\n ]+")
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_ZONE = re.compile(r"\bJST\b(?!\))")
_FROM_GREENWICH = re.compile(r"\b(?:GMT|UTC)([+-]\d{1,2})(?::?(\d\d))?\b")
_ERA = re.compile(r"令和\s?(\d{1,2}|元)年")
_COLON = re.compile(r"([+-]\d\d):(\d\d)\s*(?:\(.*)?\Z")
# 水, 25 11月 2026
_WRITTEN_MONTH = re.compile(
    r"^[月火水木金土日](?:曜日)?\s*,?\s*|(?<=\d )(\d{1,2})月? (?=\d{4} )"
)
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_PLAIN_DATE = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?\D{0,8}(\d{1,2})[:時](\d{2})"
    r"(?:[:分](\d{2}))?秒?(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
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
    block = block.replace(b"\n\xef\xbb\xbf", b"\n")  # it began a mail of its own
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
    pieces: list[str] = []
    run: list[tuple[str, str]] = []  # of one charset, with nothing in between
    label, at = "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if label and (between.strip() or word[1].lower() != label):
            pieces.append(_decode_run(run, label))
            run = []
        if between.strip() or not label:
            pieces.append(between)
        label = word[1].lower()
        run.append((word[2].lower(), word[3]))
        at = word.end()
    if not label:
        return text
    pieces.append(_decode_run(run, label))
    return "".join(pieces) + text[at:]


def _decode_run(run: list[tuple[str, str]], label: str) -> str:
    """Also where base64 was cut into words without minding its groups of four."""
    apart = decode(b"".join(_word_bytes(*word) for word in run), label)
    bodies = [body.encode("ascii", "ignore") for kind, body in run if kind == "b"]
    lengths = [len(body.translate(None, _NOT_BASE64)) for body in bodies[:-1]]
    if len(bodies) < len(run) or all(length % 4 == 0 for length in lengths):
        return apart
    together = decode(base64_bytes(b"".join(bodies)), label)
    return together if oddness(together) < oddness(apart) else apart


def _word_bytes(kind: str, body: str) -> bytes:
    if kind == "q":
        body = body.replace("_", " ")
        return _HEX.sub(
            lambda match: bytes((int(match[1], 16),)), body.encode("utf-8", "replace")
        )
    return base64_bytes(body.encode("ascii", "ignore"))


def base64_bytes(body: bytes) -> bytes:
    """As far as it goes: without padding, with odd characters, several after another."""
    pieces = body.split(b"=") if body.count(b"=") < _MOST_PIECES else [body]
    return b"".join(_piece_bytes(piece) for piece in pieces if piece)


def _piece_bytes(body: bytes) -> bytes:
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
    text = _ERA.sub(_in_our_years, _FROM_GREENWICH.sub(_as_offset, text))
    at = _plain_date(text) or _standard_date(text)
    return at if at is not None and 1980 <= at.year < 2200 else None


def _standard_date(text: str) -> datetime | None:
    text = _COLON.sub(r"\1\2", _ZONE.sub("+0900", text))
    text = _WRITTEN_MONTH.sub(_in_english, text)
    try:
        at = parsedate_to_datetime(text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, LookupError, AttributeError):
        return None


def _as_offset(match: re.Match[str]) -> str:
    """GMT+9 as +0900."""
    return f"{int(match[1]):+03d}{match[2] or '00'}"


def _in_our_years(match: re.Match[str]) -> str:
    year = 1 if match[1] == "元" else int(match[1])
    return f"{2018 + year}年"


def _in_english(match: re.Match[str]) -> str:
    is_month = match[1] and 1 <= int(match[1]) <= 12
    return f"{_MONTHS[int(match[1]) - 1]} " if is_month else ""


def _plain_date(text: str) -> datetime | None:
    """2026/11/25 10:00, as Japanese groupware writes it: Japan's time if no other."""
    match = _PLAIN_DATE.search(text)
    if match is None:
        return None
    *numbers, zone = match.groups(default="")
    try:
        at = datetime(*(int(one or 0) for one in numbers), tzinfo=_zone_of(zone))  # type: ignore[misc, arg-type]  # six numbers
    except ValueError:
        return None
    return at


def _zone_of(zone: str) -> tzinfo:
    if not zone:
        return _JAPAN
    if zone[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-offset if zone[0] == "-" else offset)
