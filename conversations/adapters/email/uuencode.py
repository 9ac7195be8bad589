"""Files packed with uuencode, as a part of a mail or in the midst of its words."""

import binascii
import re

_FILE = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[!-`][ -`]{0,90}\r?\n){1,400000})"
    rb"(?:[ `]?\r?\n)?end[ \t]*(?:\r?\n|\Z)",
    re.MULTILINE,
)
_MOST_FILES = 50


def uudecoded(body: bytes) -> bytes:
    """The bytes of the first file, as far as they can be read."""
    _before, found, rest = body.partition(b"begin ")
    lines = rest.splitlines()[1:] if found else body.splitlines()
    content = bytearray()
    for line in lines:
        if line.strip() == b"end":
            break
        content += _line(line)
    return bytes(content)


def files_in_words(body: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The words without the files among them, and those by raw name and content."""
    files: list[tuple[bytes, bytes]] = []

    def take(match: re.Match[bytes]) -> bytes:
        if len(files) == _MOST_FILES:
            return match[0]
        files.append((match[1], b"".join(map(_line, match[2].splitlines()))))
        return b""

    if b"\nend" not in body:
        return body, []
    return _FILE.sub(take, body), files


def _line(line: bytes) -> bytes:
    if not line.strip():
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # with more behind it than it says
        length = ((line[0] - 32) & 63) * 4 // 3 + 3
        try:
            return binascii.a2b_uu(line[: length + 1])
        except binascii.Error:
            return b""
