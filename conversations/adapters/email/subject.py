"""Subjects: what mailers put before them, and the same one without."""

import re

from conversations.adapters.email.token import INQUIRY, SIDE

MAX_SUBJECT = 200
_PREFIX = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw|fw|fwd|wg|tr|rv|enc)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?"
    r"|返信|答复|回复|转发|転送|回覆)\s*[:：]",
    re.IGNORECASE,
)
_MARK = re.compile(
    rf"\s*\[#\s?[{INQUIRY}{SIDE}][0-9a-z]{{1,13}}-[a-z2-7]{{12}}\]", re.IGNORECASE
)


def base_subject(subject: str) -> str:
    """Without Re:, Fwd:, 返信: however often they stand there, and without our mark."""
    base = _MARK.sub("", subject)
    while match := _PREFIX.match(base):
        base = base[match.end() :]
    return " ".join(base.split())[:MAX_SUBJECT]


def first_subject(subject: str, token: str = "") -> str:
    """Of a mail that answers none."""
    return _with_mark(base_subject(subject), token)


def reply_subject(subject: str, token: str = "") -> str:
    return _with_mark(f"Re: {base_subject(subject)}".strip(), token)


def forward_subject(subject: str, token: str = "") -> str:
    return _with_mark(f"Fwd: {base_subject(subject)}".strip(), token)


def _with_mark(subject: str, token: str) -> str:
    return f"{subject} [#{token}]" if token else subject
