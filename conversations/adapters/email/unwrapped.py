"""What Outlook wraps up for itself: winmail.dat, and mail that is signed as a whole."""

import struct
from collections.abc import Iterator
from itertools import islice

from conversations.adapters.email.charset import decode
from conversations.adapters.email.parameter import file_name

_TNEF = b"\x78\x9f\x3e\x22"
_NEW_FILE, _TITLE, _CONTENT = 0x9002, 0x8010, 0x800F
_MOST_FILES = 100
_MOST_ATTRIBUTES = 5_000
_OCTETS, _CHUNKED, _TAGGED = 0x04, 0x24, 0xA0


def files_of_tnef(raw: bytes) -> list[tuple[str, bytes]]:
    """Names and contents, as far as they can be read. Source: MS-OXTNEF 2.1."""
    found: list[tuple[str, bytes]] = []
    name, content = "", b""
    for attribute, value in islice(_attributes(raw), _MOST_ATTRIBUTES):
        if attribute == _NEW_FILE:
            found.append((name, content))
            name, content = "", b""
        elif attribute == _TITLE:
            name = file_name(decode(value.rstrip(b"\0"), "cp932"))
        elif attribute == _CONTENT:
            content = value
    found.append((name, content))
    return [one for one in found if one[1]][:_MOST_FILES]


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6 if raw.startswith(_TNEF) else len(raw)
    while at + 9 <= len(raw):
        _level, attribute, _kind, size = struct.unpack_from("<BHHI", raw, at)
        at += 9
        yield attribute, raw[at : at + size]
        at += size + 2  # a checksum


def signed_content(raw: bytes) -> bytes:
    """The mail inside of an application/pkcs7-mime that is signed and not encrypted.

    Empty where there is none. Source: RFC 5652, 5.1.
    """
    try:
        _tag, at, _end = _element(raw, 0)  # ContentInfo
        _tag, _start, at = _element(raw, at)  # signedData, or another kind
        _tag, at, _end = _element(raw, at)
        _tag, at, _end = _element(raw, at)  # SignedData
        _tag, _start, at = _element(raw, at)  # its version
        _tag, _start, at = _element(raw, at)  # digests
        _tag, at, _end = _element(raw, at)  # EncapsulatedContentInfo
        _tag, _start, at = _element(raw, at)  # data
        tag, at, _end = _element(raw, at)
        if tag != _TAGGED:
            return b""
        tag, start, end = _element(raw, at)
    except IndexError:
        return b""
    if tag == _CHUNKED:
        return b"".join(_chunks(raw, start, end))
    return raw[start:end] if tag == _OCTETS else b""


def _chunks(raw: bytes, at: int, end: int) -> Iterator[bytes]:
    while at < end:
        try:
            tag, start, at = _element(raw, at)
        except IndexError:
            return
        if tag != _OCTETS:
            return
        yield raw[start:at]


def _element(raw: bytes, at: int) -> tuple[int, int, int]:
    """Its tag, and where its content begins and ends: unknown ends are that of all."""
    tag, length = raw[at], raw[at + 1]
    at += 2
    if length == 0x80:
        return tag, at, len(raw)
    if length > 0x80:
        size = length - 0x80
        length = int.from_bytes(raw[at : at + size], "big")
        at += size
    return tag, at, min(at + length, len(raw))
