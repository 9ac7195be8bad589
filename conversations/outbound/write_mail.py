"""What a reply needs to be a mail: its fields, its signature, what it quotes."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.adapters.email.composed import as_html, as_text, cleaned
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.subject import (
    MAX_SUBJECT,
    first_subject,
    reply_subject,
)
from conversations.adapters.email.token import CLAIM, INQUIRY, token_of
from conversations.choices import Direction, MessageKind
from conversations.connections.connection import connection_of
from conversations.contents.base import Mailbox
from conversations.contents.email import ComposedMail, Email
from conversations.contents.stated_address import StatedAddress
from conversations.models import Inbox, Inquiry, MailBody, Message
from conversations.outbound.mail_composer import usual_subject
from customers.models import Identity

_MOST_REFERENCES = 21  # the first, and the newest twenty


@dataclass(frozen=True)
class Letter:
    """`email` goes with the message; `text` and `html` are all of the mail."""

    email: Email
    text: str
    html: str


def write_letter(
    inquiry: Inquiry,
    *,
    inbox: Inbox,
    identity: Identity | None,
    body: str,
    data: Mapping[str, Any],
) -> Letter:
    """A reply to the customer; `data` may have a `ComposedMail` and a `StatedAddress`."""
    composed = ComposedMail.in_data(data) or ComposedMail()
    claim = StatedAddress.in_data(data)
    source = None if claim else answered(inquiry, inbox, identity, composed.answers)
    email = (Email.of(source) if source else None) or Email()
    settings = Setting(connection_of(inbox))
    token = _token(inquiry, claim, composed)
    mark = token if settings.is_on("subject_mark") else ""
    named = composed.subject or email.subject or inquiry.subject
    subject = named or usual_subject(inbox)
    marked = reply_subject if source else first_subject
    written = Email(
        subject=marked(subject, mark)[:MAX_SUBJECT],
        to=composed.to or _usual_recipient(email, identity, claim),
        cc=composed.cc,
        bcc=composed.bcc,
        message_id=new_message_id(settings),
        in_reply_to=email.message_id,
        references=chain(email),
        token=token,
    )
    quoted = source if composed.is_quoting else None
    return finished(inbox, written, body, composed.html, quoted)


def _token(
    inquiry: Inquiry, claim: StatedAddress | None, composed: ComposedMail
) -> str:
    """Of a mail to a stated address: one that nobody but its reader gets.

    Whoever has a copy could answer in their name, and it would prove nothing.
    """
    if claim and not composed.has_copies:
        return token_of(CLAIM, claim.id)
    return token_of(INQUIRY, inquiry.pk)


def finished(
    inbox: Inbox, email: Email, body: str, html: str, quoted: Message | None
) -> Letter:
    """With its signature and what it quotes."""
    connection = getattr(inbox, "connection", None)
    signature = connection.signature if connection else ""
    words = {
        "signature": signature,
        "attribution": _attribution(quoted) if quoted else "",
        "quoted": _whole_text(quoted) if quoted else "",
    }
    text = as_text(body, **words)
    whole = as_html(html, **words) if cleaned(html).strip() else ""
    folded = max(len(text) - len(body), 0)
    return Letter(replace(email, has_html=bool(whole), folded=folded), text, whole)


def store_letter(message: Message, letter: Letter) -> None:
    MailBody.objects.create(message=message, text=letter.text, html=letter.html)


def answered(
    inquiry: Inquiry, inbox: Inbox, identity: Identity | None, pk: int | None
) -> Message | None:
    """The mail that is answered: the one that was chosen, else their newest here."""
    rows = Message.objects.filter(
        conversation=inquiry.conversation_id,
        inbox=inbox,
        direction=Direction.INBOUND,
        kind=MessageKind.TEXT,  # no answer of a third party, which is the members' own
    ).select_related("account", "mail")
    theirs = rows.mails().filter(identity=identity)
    if pk is not None:
        return theirs.filter(pk=pk).first()
    return theirs.order_by("-occurred_at", "-pk").first()


def chain(email: Email) -> list[str]:
    """References of an answer to that mail. Source: RFC 5322, 3.6.4."""
    before = email.references or [one for one in [email.in_reply_to] if one]
    last = [email.message_id] if email.message_id else []
    every = list(dict.fromkeys([*before, *last]))
    if len(every) <= _MOST_REFERENCES:
        return every
    return [every[0], *every[1 - _MOST_REFERENCES :]]


def new_message_id(settings: Setting) -> str:
    """Ours, before anything is sent: without brackets."""
    return f"{secrets.token_hex(16)}@{settings.domain or 'localhost'}"


def _usual_recipient(
    email: Email, identity: Identity | None, claim: StatedAddress | None
) -> Sequence[Mailbox]:
    if claim:
        return [["", claim.value]]
    reply_to = email.reply_to[:1]
    if reply_to or identity is None:
        return reply_to
    return [["", identity.raw or identity.value]]


def _whole_text(message: Message) -> str:
    body = getattr(message, "mail", None)
    return body.text if body is not None else message.body


def _attribution(message: Message) -> str:
    """2026年11月25日 10:00、山田 花子 <h@example.jp>："""
    email = Email.of(message)
    name, address = email.from_[0] if email and email.from_ else ("", "")
    name = f"{name} <{address}>".strip() if address else name
    with translation.override(message.account.locale):
        at = date_format(timezone.localtime(message.occurred_at), "DATETIME_FORMAT")
        return _("On %(time)s, %(name)s wrote:") % {"time": at, "name": name}
