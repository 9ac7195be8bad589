"""What our own mail server found about a mail's origin."""

import re
from dataclasses import dataclass

from conversations.adapters.email.header import Fields, text_of

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*(dkim|spf|dmarc)\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_DOMAIN = re.compile(r"\bheader\.(?:d|i)\s*=\s*@?([^\s;@]{1,255})", re.IGNORECASE)

_MAX_FIELDS = 200  # ours are near the top
_MAX_FIELD = 4_000


@dataclass(frozen=True)
class Verdict:
    """`pass`, `fail`, `none` … as the server says; empty where it says nothing."""

    dkim: str = ""
    spf: str = ""
    dmarc: str = ""
    dkim_domain: str = ""


def verdict_of(fields: Fields, server: str) -> Verdict:
    """Only what `server` itself has written: anyone can write such a field.

    Source: RFC 8601. Its own fields stand above those that came with the mail.
    """
    found: dict[str, str] = {}
    for name, value in fields.items[:_MAX_FIELDS]:
        if name == "received" and found:
            break
        if name == "authentication-results" and server:
            told = _COMMENT.sub("", text_of(value[:_MAX_FIELD]))
            writer, *results = told.split(";")
            if writer.lower().split()[:1] == [server.lower()]:
                found = _results(results) | found
    return Verdict(**found)


def _results(results: list[str]) -> dict[str, str]:
    """One that passed counts among several of a kind."""
    found: dict[str, str] = {}
    for result in results:
        match = _RESULT.match(result)
        if match is None or found.get(match[1].lower()) == "pass":
            continue
        method = match[1].lower()
        found[method] = match[2].lower()
        domain = _DOMAIN.search(result)
        if method == "dkim" and domain:
            found["dkim_domain"] = domain[1].lower()
    return found
