"""Addresses as mail servers take them: 花子@例え.example, and what to do about it."""

from collections.abc import Mapping
from typing import Any

import idna

from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

_PEOPLE = ("to", "cc", "bcc")


def deliverable(address: str) -> str:
    """The address with its domain in ASCII. Source: RFC 5891.

    Raises SendError where no server could be found by it.
    """
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError as error:
        raise _refusal(address) from error


def deliverable_payload(
    payload: Mapping[str, Any], *, takes_utf8: bool
) -> dict[str, Any]:
    """The payload with all its addresses in that form.

    Raises SendError, before anything is sent, where one has letters before the @ that
    only SMTPUTF8 carries, and this way does not. Source: RFC 6531.
    """
    people = {
        name: [[shown, deliverable(address)] for shown, address in payload[name]]
        for name in _PEOPLE
    }
    shown, own = payload["from"]
    found = {**payload, **people, "from": [shown, deliverable(own)]}
    if payload["reply_to"]:
        found["reply_to"] = deliverable(payload["reply_to"])
    every = [address for name in _PEOPLE for _shown, address in found[name]]
    odd = [one for one in (*every, found["from"][1]) if not one.isascii()]
    if odd and not takes_utf8:
        raise _refusal(odd[0])
    return found


def _refusal(address: str) -> SendError:
    return SendError(
        FailureCode.RECIPIENT,
        f"{address}: the mail server takes no such address",
        permanent=True,
    )
