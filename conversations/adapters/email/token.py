"""Our mark in an address or a subject, by which an answer finds its way back.

Small letters and digits alone: mail servers change the case of addresses.
"""

import base64
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from agentdesk import crypto as credentials

INQUIRY, SIDE, CLAIM = "c", "s", "a"
_MAC_LETTERS = 12  # sixty bits
_TOKEN = re.compile(rf"([acs])([0-9a-z]{{1,13}})-([a-z2-7]{{{_MAC_LETTERS}}})")
_IN_SUBJECT = re.compile(
    rf"\[#\s?([acs][0-9a-z]{{1,13}}-[a-z2-7]{{{_MAC_LETTERS}}})\]", re.IGNORECASE
)
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Mark:
    """`kind` INQUIRY: `number` is that of the inquiry; SIDE: of the forwarded mail;
    CLAIM: of the stated address that the mail went to, and nowhere else.
    """

    kind: str
    number: int


def token_of(kind: str, number: int) -> str:
    name = f"{kind}{_in_letters(number)}"
    return f"{name}-{_mac(name)}"


def read_token(token: str) -> Mark | None:
    """None for what we have not signed."""
    match = _TOKEN.fullmatch(token.lower())
    if match is None:
        return None
    name = match[1] + match[2]
    if not hmac.compare_digest(_mac(name), match[3]):
        return None
    return Mark(match[1], int(match[2], 36))


def _mac(name: str) -> str:
    digest = bytes.fromhex(credentials.digest(f"mail:{name}"))
    return base64.b32encode(digest).decode().lower()[:_MAC_LETTERS]


def _in_letters(number: int) -> str:
    letters = ""
    while True:
        number, rest = divmod(number, 36)
        letters = _LETTERS[rest] + letters
        if not number:
            return letters


def plus_address(address: str, token: str) -> str:
    """support@example.jp as support+token@example.jp; a mark of its own stays."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def without_plus(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()


def tokens_in(addresses: Iterable[str], subject: str) -> list[str]:
    """Whatever looks like one, addresses before the subject."""
    found = []
    for address in addresses:
        _local, plus, mark = address.rpartition("@")[0].rpartition("+")
        if plus and _TOKEN.fullmatch(mark.lower()):
            found.append(mark.lower())
    found += [token.lower() for token in _IN_SUBJECT.findall(subject)]
    return list(dict.fromkeys(found))[:10]
