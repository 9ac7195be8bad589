"""What our own mail server found about a mail's origin, and what follows from it."""

import ipaddress
import re
from dataclasses import dataclass

import idna

from conversations.adapters.assurance import Assurance
from conversations.adapters.email.header import Fields, text_of

# Under this name we write down what a provider told us of DKIM, SPF and DMARC.
PROVIDER = "agentdesk-provider"
# Microsoft 365 writes no name of a server, above all that came with the mail.
UNNAMED = "microsoft-365"
# Servers that write their results below the Received field of their own. Google also
# removes those that a sender has written under its name.
_WRITE_BELOW = {"mx.google.com"}

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*(dkim|spf|dmarc)\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_DOMAINS = {
    "dkim": re.compile(
        r"\bheader\.[di]\s*=\s*(?:[^\s;@]{0,200}@)?([^\s;@]{1,255})", re.I
    ),
    "spf": re.compile(
        r"\bsmtp\.mailfrom\s*=\s*\"?(?:[^\s;@]{0,200}@)?([^\s;@\"]{1,255})", re.I
    ),
    "dmarc": re.compile(
        r"\bheader\.from\s*=\s*\"?(?:[^\s;@]{0,200}@)?([^\s;@\"]{1,255})", re.I
    ),
}
_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.IGNORECASE)
_FROM = re.compile(r"\A\s*from\s+([^\s;()]{1,255})", re.IGNORECASE)
_IP = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\]")
_LOCAL = re.compile(r"\bwith\s+(?:LMTPS?A?|local|HTTPS?)\b", re.IGNORECASE)
_FAILED = {"fail", "softfail", "hardfail", "permerror", "policy"}

_MAX_FIELDS = 200  # ours are near the top
_MAX_FIELD = 4_000


@dataclass(frozen=True)
class Verdict:
    """`pass`, `fail`, `none` … as the server says; empty where it says nothing.

    `dkim_domains` are those whose signature passed, `spf_domain` is the envelope's, and
    `dmarc_domain` that of the author the server has read: where a From field is written
    to be read in two ways, another than ours.
    """

    dkim: str = ""
    spf: str = ""
    dmarc: str = ""
    dkim_domains: tuple[str, ...] = ()
    spf_domain: str = ""
    dmarc_domain: str = ""


def is_forged(verdict: Verdict) -> bool:
    """Whether a server found that somebody else has sent it."""
    has_failed = verdict.spf in {"fail", "softfail"} or verdict.dkim == "fail"
    return verdict.dmarc == "fail" or (
        has_failed and "pass" not in {verdict.dkim, verdict.dmarc}
    )


def assurance_of(verdict: Verdict, address: str) -> Assurance:
    """Whether `address`, which stands in the From field, is its sender's.

    Anybody can write a From field. It is confirmed where DMARC passed, or a signature
    or the envelope of its own domain did. Source: RFC 7489, 3.1.
    """
    domain = address.rpartition("@")[2].lower()
    has_signed = verdict.dkim == "pass" and any(
        _is_aligned(one, domain) for one in verdict.dkim_domains
    )
    is_authors = verdict.dmarc == "pass" and (
        not verdict.dmarc_domain or _is_aligned(verdict.dmarc_domain, domain)
    )
    is_envelopes = verdict.spf == "pass" and _is_aligned(verdict.spf_domain, domain)
    if verdict.dmarc in _FAILED:
        return Assurance.FAILED
    if is_authors or has_signed:
        return Assurance.CONFIRMED
    if {verdict.dkim, verdict.spf} & _FAILED:
        return Assurance.FAILED
    return Assurance.CONFIRMED if is_envelopes else Assurance.UNCONFIRMED


def _is_aligned(stated: str, domain: str) -> bool:
    """The same domain, or one of them within the other."""
    stated, domain = _in_ascii(stated), _in_ascii(domain)
    if not stated or "." not in stated or "." not in domain:
        return False
    return (
        stated == domain
        or f".{stated}".endswith(f".{domain}")
        or (f".{domain}".endswith(f".{stated}"))
    )


def _in_ascii(domain: str) -> str:
    """As servers write it: 例え.example and xn--r8jz45g.example are one."""
    domain = domain.strip(".").lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def verdict_of(fields: Fields, server: str) -> Verdict:
    """Only what `server` itself has written: anyone can write such a field.

    Source: RFC 8601. Its own fields stand above the mail it was handed: below the first
    Received field that tells of a stranger, all is the sender's.
    """
    if not server:
        return Verdict()
    found: dict[str, str | tuple[str, ...]] = {}
    is_past = False
    for name, value in fields.items[: 1 if server == PROVIDER else _MAX_FIELDS]:
        if name == "received":
            if is_past or found:
                break
            is_past = _is_border(text_of(value, limit=_MAX_FIELD), server)
            if is_past and server not in _WRITE_BELOW:
                break
        elif name == "authentication-results":
            results = _written_by(server, text_of(value, limit=_MAX_FIELD))
            found = _results(results) | found
            if server == UNNAMED:
                break
    return Verdict(**found)  # type: ignore[arg-type]  # by the names of its fields


def _written_by(server: str, value: str) -> list[str]:
    """The results of the field, none where another server names itself."""
    writer, *results = _COMMENT.sub("", value).split(";")
    if server == UNNAMED:
        return [writer, *results] if _RESULT.match(writer) else []
    return results if writer.lower().split()[:1] == [server.lower()] else []


def _is_border(received: str, server: str) -> bool:
    """Whether a stranger handed the mail over there, rather than one of our servers."""
    sender, by = _FROM.match(received), _BY.search(received)
    if sender is None or _LOCAL.search(received):
        return False
    upto = by.start() if by else len(received)
    addresses = _IP.findall(received[:upto])
    if addresses and all(map(_is_private, addresses)):
        return False
    host = by[1].lower() if by else ""
    is_inside = _is_of(sender[1].lower(), server) and _is_of(host, server)
    return host == server.lower() or not is_inside


def _is_of(host: str, server: str) -> bool:
    """The domain of the server, or the server where it is named like a domain."""
    parent = server.lower().partition(".")[2]
    domain = parent if "." in parent else server.lower()
    return f".{host}".endswith(f".{domain}")


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _results(results: list[str]) -> dict[str, str | tuple[str, ...]]:
    """One that passed counts among several of a kind."""
    found: dict[str, str | tuple[str, ...]] = {}
    for result in results:
        match = _RESULT.match(result)
        if match is None:
            continue
        method, value = match[1].lower(), match[2].lower()
        if found.get(method) != "pass":
            found[method] = value
        pattern = _DOMAINS.get(method)
        domain = pattern.search(result) if pattern else None
        if domain is None or value != "pass":
            continue
        if method != "dkim":
            found[f"{method}_domain"] = domain[1].lower()
        else:
            known = found.get("dkim_domains", ())
            found["dkim_domains"] = (*known, domain[1].lower())
    return found
