"""A mail as it is shown beside its message: all of its text, its HTML, the raw one."""

from dataclasses import dataclass

from django.urls import reverse

from conversations.adapters.email.html import CleanHtml, clean_html
from conversations.adapters.email.quote import Piece, split_quotes
from conversations.contents.email import Email
from conversations.models import Attachment, Conversation, MailBody


@dataclass(frozen=True)
class Page:
    subject: str
    clean: CleanHtml


def mail_of(conversation: Conversation, message_pk: int) -> MailBody | None:
    return (
        MailBody.objects.select_related("message__inquiry")
        .defer("html")
        .filter(message__conversation=conversation, message=message_pk)
        .first()
    )


def pieces_of(mail: MailBody) -> list[Piece]:
    return split_quotes(mail.text)


def page_of(mail: MailBody) -> Page:
    """Its HTML, cleaned, with our addresses of the pictures that came along."""
    files = Attachment.objects.filter(message=mail.message_id)
    pictures = {
        one.shown_id: reverse("desk:file", args=[one.key])
        for one in files
        if one.is_image
    }
    email = Email.of(mail.message) or Email()
    return Page(email.subject, clean_html(mail.html, pictures))


def raw_of(mail: MailBody) -> bytes | None:
    """As it was kept: without card numbers. None for what we wrote ourselves."""
    return bytes(mail.event.body) if mail.event else None
