"""What a reply needs to be a mail: its fields, its mark, its signature, what it quotes."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from conversations.adapters.email.composed import as_html, as_text, cleaned
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.subject import (
    MAX_SUBJECT,
    base_subject,
    first_subject,
    forward_subject,
    reply_subject,
)
from conversations.adapters.email.token import (
    CLAIM,
    INQUIRY,
    SIDE,
    token_of,
    without_plus,
)
from conversations.adapters.letter import Addressees, Letter, LetterDraft, Original
from conversations.contents.base import Mailbox
from conversations.contents.email import Email

_MOST_REFERENCES = 21  # the first, and the newest twenty
_MARKS = {"inquiry": INQUIRY, "side": SIDE, "claim": CLAIM}


def compose(draft: LetterDraft, settings: Setting) -> Letter:
    composed, original = draft.composed, draft.original
    before = original.email if original else Email()
    token = token_of(_MARKS[draft.of], draft.number)
    mark = token if settings.is_on("subject_mark") else ""
    subject = composed.subject or before.subject or draft.subject
    is_answer = original is not None and not draft.is_forward
    written = Email(
        subject=_titled(draft, subject, mark)[:MAX_SUBJECT],
        to=composed.to or _usual_recipient(before, draft),
        cc=composed.cc,
        bcc=composed.bcc,
        message_id=f"{secrets.token_hex(16)}@{settings.domain or 'localhost'}",
        in_reply_to=before.message_id if is_answer else "",
        references=_chain(before) if is_answer else (),
        token=token,
    )
    quoted = original if composed.is_quoting else None
    return _finished(draft, written, quoted)


def addressees(original: Email | None, subject: str, settings: Setting) -> Addressees:
    """Of an answer to that mail, or of a first one."""
    if original is None:
        return Addressees(base_subject(subject))
    return Addressees(
        subject=reply_subject(original.subject),
        to=original.reply_to[:1],
        others=_everybody_else(original, settings),
    )


def _titled(draft: LetterDraft, subject: str, mark: str) -> str:
    if draft.is_forward:
        return forward_subject(subject, mark)
    if draft.original is None:
        return first_subject(subject, mark)
    return reply_subject(subject, mark)


def _usual_recipient(before: Email, draft: LetterDraft) -> Sequence[Mailbox]:
    reply_to = before.reply_to[:1]
    if reply_to or not draft.recipient:
        return reply_to
    return [["", draft.recipient]]


def _chain(email: Email) -> list[str]:
    """References of an answer to that mail. Source: RFC 5322, 3.6.4."""
    before = email.references or [one for one in [email.in_reply_to] if one]
    last = [email.message_id] if email.message_id else []
    every = list(dict.fromkeys([*before, *last]))
    if len(every) <= _MOST_REFERENCES:
        return every
    return [every[0], *every[1 - _MOST_REFERENCES :]]


def _finished(draft: LetterDraft, email: Email, quoted: Original | None) -> Letter:
    words = {
        "signature": draft.signature,
        "attribution": quoted.introduction if quoted else "",
        "quoted": quoted.text if quoted else "",
    }
    text = as_text(draft.body, **words)
    html = draft.composed.html
    whole = as_html(html, **words) if cleaned(html).strip() else ""
    folded = max(len(text) - len(draft.body), 0)
    return Letter(replace(email, has_html=bool(whole), folded=folded), text, whole)


def _everybody_else(email: Email, settings: Setting) -> Sequence[Mailbox]:
    """Whom an answer to all goes to besides the sender: never ourselves."""
    own = {without_plus(settings.address)}
    answered_to = email.reply_to or email.from_
    own |= {address.lower() for _name, address in answered_to[:1]}
    found: dict[str, Mailbox] = {}
    for name, address in (*email.to, *email.cc):
        if not {address.lower(), without_plus(address)} & own:
            found.setdefault(address.lower(), [name, address])
    return list(found.values())
