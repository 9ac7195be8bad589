"""What a kept mail means to the desk: a message, an answer of ours, a bounce."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conversations.adapters.email import setting
from conversations.adapters.email.address import Address as Mailbox
from conversations.adapters.email.address import addresses_of
from conversations.adapters.email.attachment import Attachment
from conversations.adapters.email.automatic import Automatic, recognise
from conversations.adapters.email.bounce import Bounce as Returned
from conversations.adapters.email.bounce import is_success
from conversations.adapters.email.group import own_group, with_author
from conversations.adapters.email.header import Fields, read_fields
from conversations.adapters.email.mime import Mail, read_mail
from conversations.adapters.email.quote import own_words
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.structure import Flaw, unframed
from conversations.adapters.email.subject import MAX_SUBJECT
from conversations.adapters.email.token import tokens_in, without_plus
from conversations.adapters.email.verdict import (
    PROVIDER,
    Verdict,
    assurance_of,
    is_forged,
)
from conversations.adapters.events import (
    Address,
    Bounce,
    Echo,
    InboundMail,
    InboundMessage,
    Media,
    Parsed,
    Person,
)
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import FailureCode
from conversations.contents.circumstances import Automatic as MadeBy
from conversations.contents.email import Email

# Set on all we send: a mail that has it went out by this installation.
MARK = "X-Agentdesk-Inbox"
# Of a mail that has it only the header was fetched.
CUT = "X-Agentdesk-Cut"
_HEAD = 256_000
_MOST_SHOWN = 30  # addresses of one mail
_MOST_REFERENCES = 21
_ROUTES = ("delivered-to", "x-original-to", "x-envelope-to", "envelope-to")
# Whom nobody can answer: the names under which the forms of shops send.
_NOBODY = re.compile(
    r"(?:no|do-?not)[-_.]?reply|wordpress|nobody|apache|httpd|www(?:-data)?|"
    r"(?:mail|contact|inquiry)?[-_]?form(?:mail)?",
    re.IGNORECASE,
)
_FULL = ("4.2.2", "5.2.2")
_UNKNOWN = ("5.1.1", "5.1.0", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.1")


def understood(raw: bytes, settings: Setting) -> Sequence[Parsed]:
    """Raises InvalidPayloadError for what has no sender, UnknownEventError for our own."""
    is_mailbox = settings.kind in setting.MAILBOXES
    mail = read_mail(raw, server=settings.auth_server if is_mailbox else PROVIDER)
    head = unframed(raw[:_HEAD]).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    fields = read_fields(head)
    if fields.first(CUT.lower()):
        mail = replace(mail, broken=(*mail.broken, Flaw.SIZE))
    found = recognise(mail)
    if group := own_group(mail, fields, settings.address):
        mail, found = with_author(mail, fields, group), replace(found, is_list=False)
    if found.bounces:
        return [_bounce(mail, one) for one in found.bounces]
    if is_success(mail):
        raise UnknownEventError("a report of success")
    if (sender := mail.from_) is None:
        raise InvalidPayloadError("no sender can be read")
    message_id = mail.message_id or f"{hashlib.sha256(raw).hexdigest()[:40]}@none"
    if (by_form := _by_form(mail, settings)) is not None and not found.is_list:
        mail = by_form
    elif _is_ours(sender, settings):
        return [_echo(mail, message_id, settings)]
    if fields.first(MARK.lower()).decode("ascii", "ignore") == (
        settings.connection.inbox_key
    ):
        raise UnknownEventError("a mail of ours that came round")
    written_to = _written_to(mail, fields)
    # An answer to ourselves would reach nobody.
    others = tuple(one for one in mail.reply_to if not _is_ours(one, settings))
    mail = replace(mail, reply_to=others)
    return [
        InboundMail(
            message=_message(mail, message_id, found),
            text=mail.text,
            html=mail.html,
            tokens=tokens_in(written_to, mail.subject),
            references=_references(mail),
            is_automatic=found.is_auto_reply or found.is_list,
        )
    ]


def _written_to(mail: Mail, fields: Fields) -> list[str]:
    """Every address on its way to us: one of them may have our mark."""
    addresses = [one.address for one in (*mail.to, *mail.cc)]
    return addresses + [
        one.address
        for name in _ROUTES
        for value in fields.all(name)
        for one in addresses_of(value)
    ]


def _is_ours(sender: Mailbox, settings: Setting) -> bool:
    return without_plus(sender.address) == without_plus(settings.address)


def _by_form(mail: Mail, settings: Setting) -> Mail | None:
    """A form writes in our own name, or a machine's; its customer is to be answered.

    What a server has vouched for is the form, not them.
    """
    others = [one for one in mail.reply_to if not _is_ours(one, settings)]
    sender = mail.from_
    if not others or sender is None or others[0].address == sender.address:
        return None
    to_ourselves = _is_ours(sender, settings) and all(
        _is_ours(one, settings) for one in mail.to
    )
    if not (to_ourselves or _NOBODY.fullmatch(sender.address.partition("@")[0])):
        return None
    return replace(mail, from_=others[0], reply_to=(), verdict=Verdict())


def _message(mail: Mail, message_id: str, found: Automatic) -> InboundMessage:
    sender = mail.from_ or Mailbox("", "")
    answered_to = mail.reply_to[0] if mail.reply_to else sender
    by_machine = MadeBy(automatic=not found.may_be_answered)
    return InboundMessage(
        sender=Person(
            Address("email", sender.address),
            name=sender.name,
            assurance=assurance_of(mail.verdict, sender.address),
        ),
        body=own_words(mail.text),
        provider_message_id=message_id[:200],
        occurred_at=mail.date,
        media=[_media(one) for one in mail.attachments],
        subject=mail.subject[:MAX_SUBJECT],
        data={**by_machine.as_data(), **_email(mail, message_id, found).as_data()},
        facts={"reply_to": answered_to.address} if mail.reply_to else {},
    )


def _email(mail: Mail, message_id: str, found: Automatic) -> Email:
    """What the thread shows of it, and a reply needs: bounded, for the row stays slim."""
    return Email(
        subject=mail.subject[:MAX_SUBJECT],
        from_=_shown([mail.from_] if mail.from_ else []),
        to=_shown(mail.to),
        cc=_shown(mail.cc),
        reply_to=_shown(mail.reply_to[:5]),
        message_id=message_id,
        in_reply_to=mail.in_reply_to,
        references=_bounded(mail.references),
        has_html=bool(mail.html),
        folded=max(len(mail.text.strip()) - len(own_words(mail.text)), 0),
        auth=_authentication(mail),
        broken=[str(flaw) for flaw in mail.broken],
        automatic=found.reason if found.is_auto_reply else "",
        is_list=found.is_list,
    )


def _authentication(mail: Mail) -> dict[str, Any]:
    """What was found; `sender` is an Assurance, where anything was."""
    verdict = mail.verdict
    found: dict[str, Any] = {
        name: value
        for name in ("dkim", "spf", "dmarc", "spf_domain")
        if (value := getattr(verdict, name))
    }
    if verdict.dkim_domains:
        found["dkim_domains"] = list(verdict.dkim_domains[:5])
    if found and mail.from_ is not None:
        found["sender"] = str(assurance_of(verdict, mail.from_.address))
    return found


def _shown(addresses: Sequence[Mailbox]) -> list[list[str]]:
    """Name and address each, as a reply's `to` and `cc` have them."""
    return [[one.name, one.address] for one in addresses[:_MOST_SHOWN]]


def _bounded(references: Sequence[str]) -> list[str]:
    if len(references) <= _MOST_REFERENCES:
        return list(references)
    return [references[0], *references[1 - _MOST_REFERENCES :]]


def _references(mail: Mail) -> list[str]:
    """The mail that is answered first, then back in time."""
    ids = [mail.in_reply_to, *reversed(mail.references)]
    return list(dict.fromkeys(one for one in ids if one))


def _media(attachment: Attachment) -> Media:
    kind = attachment.content_type.split("/")[0]
    return Media(
        kind=kind if kind in {"image", "audio", "video"} else "document",
        name=attachment.name,
        content_type=attachment.content_type,
        size=len(attachment.content),
        content=attachment.content,
        content_id=attachment.content_id if attachment.is_inline else "",
    )


def _echo(mail: Mail, message_id: str, settings: Setting) -> Echo:
    """From the mailbox itself, written with another program."""
    if is_forged(mail.verdict):
        raise UnknownEventError("a mail in our own name that somebody else has sent")
    own = without_plus(settings.address)
    others = [one for one in mail.to if without_plus(one.address) != own]
    if not others:
        raise UnknownEventError("a mail from the mailbox to itself")
    return Echo(
        recipient=Person(Address("email", others[0].address), name=others[0].name),
        body=own_words(mail.text),
        provider_message_id=message_id[:200],
        occurred_at=mail.date,
        media=[_media(one) for one in mail.attachments],
        data=_email(mail, message_id, Automatic()).as_data(),
    )


def _bounce(mail: Mail, returned: Returned) -> Bounce:
    return Bounce(
        provider_message_id=returned.original_id,
        recipient=returned.recipient,
        code=failure_of_status(returned.status),
        detail=" ".join(f"{returned.status} {returned.diagnostic}".split())[:300],
        occurred_at=mail.date,
        is_final=not returned.is_delayed,
    )


def failure_of_status(status: str) -> str:
    """A FailureCode for an enhanced status code. Source: RFC 3463."""
    if status.startswith(_FULL):
        return FailureCode.MAILBOX_FULL
    if status in _UNKNOWN:
        return FailureCode.RECIPIENT
    if status.startswith(("5.7.", "4.7.")):
        return FailureCode.SPAM
    if status.startswith(("5.3.4", "5.2.3")):
        return FailureCode.FILE_SIZE
    if status.startswith("4."):
        return FailureCode.EXPIRED
    return FailureCode.REFUSED
