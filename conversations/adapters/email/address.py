"""Lists of addresses, as forgiving as mailers are careless."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.adapters.email.charset import decode
from conversations.adapters.email.header import decode_words, one_line

MAX_ADDRESSES = 200
_MAX_LENGTH = 320
_MAX_VALUE = 32_000
_MAX_NAME = 500
_DEEPEST = 5  # comments within comments

_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.){0,500}\"|<[^<>]{0,500}>|\([^()]{0,500}\)|[,;:]|[^\",;:<(]+|."
)
_ANGLE = re.compile(r"<([^<>]*)>")
# A carrier's a..b.@docomo.ne.jp breaks the standard, and is somebody's address.
_BARE = re.compile(
    r"(?:\"[^\"\s]{1,200}\"|[^\s<>()\",;:@＜＞]{1,200})@[^\s<>()\",;:@＜＞]+"
)
_COMMENT = re.compile(r"\(([^()]*)\)")
_EMPTY_GROUP = re.compile(r":\s*;?\s*\Z")
_SPACED_AT = re.compile(r"(?<=[\w.-])[ ]*@[ ]*(?=[A-Za-z0-9-]+\.)")
# What some write around an address: the relays of old, a protocol, brackets.
_AROUND = re.compile(
    r"\A\[?(?:(?:mailto|smtp):|@[^:@]{1,200}(?:,@[^:@]{1,200})*:)?|(?<!\d)\.?\]?\Z",
    re.I,
)
_ESCAPED = re.compile(r"\\(.)")
_WIDE = str.maketrans("＜＞＠", "<>@")


@dataclass(frozen=True)
class Address:
    name: str
    address: str


def addresses_of(value: bytes, label: str = "") -> list[Address]:
    """`label`: what raw 8-bit names are written in. Groups are opened."""
    text = one_line(decode(value[:_MAX_VALUE], label))
    # Some encode the address with the name, or write it in wide signs.
    return _in(text) or _in(one_line(decode_words(text)).translate(_WIDE))


def name_of(value: bytes, label: str = "") -> str:
    """The name in a field that has no address."""
    text = one_line(decode(value[:_MAX_VALUE], label))
    return _name(_EMPTY_GROUP.sub("", _ANGLE.sub(" ", text)))[:200]


def _in(text: str) -> list[Address]:
    found: list[Address] = []
    for entry in _entries(text):
        if (address := _read(entry)) is not None:
            found.append(address)
        if len(found) == MAX_ADDRESSES:
            break
    return found


def _entries(text: str) -> Iterator[str]:
    """One person each. A comma belongs to a name while no address has come."""
    entry, end = "", 0  # `end`: behind an address in brackets
    has_group = text.rstrip().endswith(";") or ";," in text
    for sign in _TOKEN.findall(text):
        if sign == ":" and has_group and "@" not in entry:
            entry, end = "", 0
        elif sign == ";" or (sign == "," and _has_address(entry)):
            yield entry
            entry, end = "", 0
        else:
            if sign[0] == "<" and "@" in sign and not entry.endswith(sign):
                if end:  # the comma between two of them is missing
                    yield entry[:end]
                    entry = entry[end:]
                end = len(entry) + len(sign)
            entry += sign
    yield entry


def _has_address(entry: str) -> bool:
    if len(entry) > _MAX_NAME:
        return True  # whatever it is, it is no name
    if "@" not in entry:
        return False
    return _ANGLE.search(entry) is not None or bool(_bare_in(entry))


def _without_comments(text: str) -> str:
    """Comments may stand between any two words, and within each other."""
    for _depth in range(_DEEPEST):
        shorter = _COMMENT.sub("", text)
        if shorter == text:
            break
        text = shorter
    return text


def _bare_in(entry: str) -> str:
    """An address without brackets; カスタマー@東京 is a name."""
    plain = _without_comments(entry)
    bare = _BARE.search(plain) or _BARE.search(_SPACED_AT.sub("@", plain))
    if bare is None:
        return ""
    is_address = bare[0].isascii() or "." in bare[0].rpartition("@")[2]
    return bare[0] if is_address else ""


def _read(entry: str) -> Address | None:
    angles = [inner for inner in _ANGLE.findall(entry) if "@" in inner]
    if angles:
        address = _bare_address(angles[-1])
        name = entry[: entry.rfind(f"<{angles[-1]}>")]
    else:
        address = _bare_address(_bare_in(entry))
        comment = _COMMENT.search(entry)
        name = comment[1] if comment else ""
        if "<" in entry and address:  # the bracket is never closed
            name = entry.partition("<")[0].replace('"', "") or name
        if not address and comment:  # the other way round: Hanako (hanako@example.jp)
            address = _bare_address(_bare_in(comment[1]))
            name = _COMMENT.sub("", entry)
    if not address:
        return None
    name = _name(name)[:200]
    return Address("" if name.lower() == address.lower() else name, address)


def _bare_address(text: str) -> str:
    """The domain in lower case; empty for what is none."""
    text = _without_comments(decode_words(text))
    text = _AROUND.sub("", "".join(text.split()))
    local, _at, domain = text.rpartition("@")
    if local.startswith('"') and local.endswith('"') and len(local) > 1:
        local = _ESCAPED.sub(r"\1", local[1:-1])
    if not local or not domain or len(text) > _MAX_LENGTH:
        return ""
    return f"{local}@{domain.lower()}"


def _name(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = _ESCAPED.sub(r"\1", text[1:-1])
    return one_line(decode_words(text)).replace("<", "").replace(">", "").strip(" \"'")
