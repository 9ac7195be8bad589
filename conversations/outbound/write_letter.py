"""A reply on a channel with subjects: its adapter makes a whole letter of it."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.adapters.letter import Letter, LetterDraft, Original
from conversations.choices import Direction, MessageKind
from conversations.connections.connection import adapter_of
from conversations.contents.base import Mailbox
from conversations.contents.email import ComposedMail, Email
from conversations.contents.side_thread import SideThread
from conversations.contents.stated_address import StatedAddress
from conversations.models import Inbox, Inquiry, MailBody, Message
from conversations.outbound.letter_offer import usual_subject
from customers.models import Identity


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
    source = None if claim else _answered(inquiry, inbox, identity, composed.answers)
    # Whoever has a copy could answer in their name, and it would prove nothing.
    is_proof = claim is not None and not composed.has_copies
    draft = LetterDraft(
        body=body,
        subject=inquiry.subject or usual_subject(inbox),
        of="claim" if claim and is_proof else "inquiry",
        number=claim.id if claim and is_proof else inquiry.pk,
        recipient=claim.value if claim else _own_address(identity),
        signature=_signature(inbox),
        original=_original(source) if source else None,
        composed=composed,
    )
    return adapter_of(inbox).compose(draft)


def write_forward(
    inbox: Inbox,
    source: Message,
    side: SideThread,
    *,
    body: str,
    composed: ComposedMail,
) -> Letter:
    """What is passed on to a third party, or goes on with the one it went to."""
    draft = LetterDraft(
        body=body,
        subject="",
        of="side",
        number=side.id,
        signature=_signature(inbox),
        original=_original(source),
        composed=composed,
        is_forward=SideThread.of(source) is None,
    )
    return adapter_of(inbox).compose(draft)


def store_letter(message: Message, letter: Letter) -> None:
    MailBody.objects.create(message=message, text=letter.text, html=letter.html)


def _answered(
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


def _own_address(identity: Identity | None) -> str:
    return (identity.raw or identity.value) if identity else ""


def _signature(inbox: Inbox) -> str:
    connection = getattr(inbox, "connection", None)
    return connection.signature if connection else ""


def _original(message: Message) -> Original:
    body = getattr(message, "mail", None)
    return Original(
        email=Email.of(message) or Email(),
        text=body.text if body is not None else message.body,
        introduction=_introduction(message),
    )


def _introduction(message: Message) -> str:
    """2026年11月25日 10:00、山田 花子 <h@example.jp>："""
    email = Email.of(message)
    sender: Mailbox = email.from_[0] if email and email.from_ else ("", "")
    name, address = sender
    name = f"{name} <{address}>".strip() if address else name
    with translation.override(message.account.locale):
        at = date_format(timezone.localtime(message.occurred_at), "DATETIME_FORMAT")
        return _("On %(time)s, %(name)s wrote:") % {"time": at, "name": name}
