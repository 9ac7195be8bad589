"""What mail providers say of a sender, each in its own words, as one list of results."""

import re
from collections.abc import Mapping
from typing import Any

from conversations.adapters.email.address import addresses_of
from conversations.adapters.email.header import Fields, read_fields, text_of

_HEAD = 256_000
_KNOWN = {"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"}
_DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,255}")
_SIGNED_BY = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]{1,255})", re.IGNORECASE)
_SENDGRID_DKIM = re.compile(r"@([^\s:,{}]{1,255})\s*:\s*([a-z]{1,20})", re.IGNORECASE)
_ENVELOPE = re.compile(r"\benvelope-from=\"?<?[^\s;@]{0,200}@([^\s;>\"]{1,255})", re.I)
# What the tests of SpamAssassin say. DKIM_VALID_AU: signed by the author's own domain.
_TESTS = {
    "SPF_PASS": ("spf", "pass"),
    "SPF_FAIL": ("spf", "fail"),
    "SPF_SOFTFAIL": ("spf", "softfail"),
    "DKIM_INVALID": ("dkim", "fail"),
    "DKIM_VALID": ("dkim", "pass"),
    "DKIM_VALID_AU": ("dkim", "pass"),
    "DMARC_PASS": ("dmarc", "pass"),
    "DMARC_REJECT": ("dmarc", "fail"),
    "DMARC_QUAR": ("dmarc", "fail"),
    "KAM_DMARC_REJECT": ("dmarc", "fail"),
    "KAM_DMARC_QUARANTINE": ("dmarc", "fail"),
}


def of_sendgrid(fields: Mapping[str, bytes], envelope: Mapping[str, Any]) -> list[str]:
    """`SPF` and `dkim` of the form; `dkim` is like {@example.jp : pass}."""
    dkim = fields.get("dkim", b"").decode("ascii", "ignore")
    results = [
        _result("spf", _ascii(fields.get("SPF", b"")), _domain(envelope.get("from")))
    ]
    results += [
        _result("dkim", value, domain) for domain, value in _SENDGRID_DKIM.findall(dkim)
    ]
    return _distinct(results)


def of_mailgun(fields: Mapping[str, bytes], raw: bytes) -> list[str]:
    """From fields it writes above the mail: a sender can write them further down."""
    head = read_fields(raw[:_HEAD])
    sender = _domain(fields.get("sender", b"").decode("utf-8", "replace"))
    spf = _written_above(head, "x-mailgun-spf")
    dkim = _written_above(head, "x-mailgun-dkim-check-result")
    return _distinct(
        [_result("spf", spf, sender), _result("dkim", dkim, _signer(head))]
    )


def of_postmark(payload: Mapping[str, Any], raw: bytes) -> list[str]:
    """From X-Spam-Tests and Received-SPF, which it writes once each."""
    fields = [
        (str(one.get("Name", "")).lower(), str(one.get("Value", "")))
        for one in payload.get("Headers") or []
        if isinstance(one, dict)
    ]
    head = read_fields(raw[:_HEAD])
    if not fields:
        fields = [(name, text_of(value)) for name, value in head.items]
    tests = [value for name, value in fields if name == "x-spam-tests"]
    spf = [value for name, value in fields if name == "received-spf"]
    results = []
    for value in spf:
        envelope = _ENVELOPE.search(value)
        word = value.split()[:1]
        results.append(_result("spf", "".join(word), envelope[1] if envelope else ""))
    for value in tests:
        results += _of_tests({one.strip() for one in value.split(",")}, head)
    # Where there are several of a kind a sender has written one: no good word counts.
    is_sure = len(spf) < 2 and len(tests) == 1
    return _distinct(one for one in results if is_sure or "=pass" not in one)


def of_amazon(notice: Mapping[str, Any], raw: bytes) -> list[str]:
    receipt, head = notice.get("receipt", {}), read_fields(raw[:_HEAD])
    domains = {
        "spf": _domain(notice.get("mail", {}).get("source")),
        "dkim": _signer(head),
        "dmarc": "",
    }
    return _distinct(
        _result(name, str(receipt.get(f"{name}Verdict", {}).get("status", "")), domain)
        for name, domain in domains.items()
    )


def _of_tests(tests: set[str], head: Fields) -> list[str]:
    author = "DKIM_VALID_AU" in tests
    domain = _author_domain(head) if author else _signer(head)
    results = [
        _result(method, value, domain if method == "dkim" else "")
        for name, (method, value) in _TESTS.items()
        if name in tests
    ]
    if "DKIM_SIGNED" in tests and not tests & {"DKIM_VALID", "DKIM_VALID_AU"}:
        results.append(_result("dkim", "fail", ""))
    return results


def _result(method: str, value: str, domain: str) -> str:
    """As RFC 8601 writes it; empty where nothing of use was said."""
    value = value.strip().lower()
    if value not in _KNOWN:
        return ""
    name = {"spf": "smtp.mailfrom", "dkim": "header.d"}.get(method)
    is_domain = name is not None and _DOMAIN.fullmatch(domain)
    return f"{method}={value}" + (f" {name}={domain.lower()}" if is_domain else "")


def _distinct(results: Any) -> list[str]:
    return list(dict.fromkeys(one for one in results if one))


def _ascii(value: bytes) -> str:
    return value.decode("ascii", "ignore")


def _domain(address: object) -> str:
    return str(address or "").strip("<> ").rpartition("@")[2]


def _signer(head: Fields) -> str:
    """The domain of the signatures, where they are of one: else which, is not known."""
    found = {
        match[1].lower()
        for value in head.all("dkim-signature")
        if (match := _SIGNED_BY.search(text_of(value, limit=4_000)))
    }
    return found.pop() if len(found) == 1 else ""


def _author_domain(head: Fields) -> str:
    authors = [one for value in head.all("from") for one in addresses_of(value)]
    return _domain(authors[0].address) if len(authors) == 1 else ""


def _written_above(head: Fields, wanted: str) -> str:
    """A word of failure counts wherever it stands; a good one only above the mail."""
    values = [text_of(value) for value in head.all(wanted)]
    names = [name for name, _value in head.items]
    is_above = len(values) == 1 and wanted not in names[_first_received(names) :]
    return next((one for one in values if is_above or one.lower() != "pass"), "")


def _first_received(names: list[str]) -> int:
    return names.index("received") if "received" in names else len(names)
