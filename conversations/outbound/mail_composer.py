"""What the composer offers for a reply that goes as a mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.adapters.email.setting import Setting
from conversations.adapters.email.subject import base_subject, reply_subject
from conversations.adapters.email.token import without_plus
from conversations.choices import Direction, MessageKind
from conversations.connections.connection import connection_of
from conversations.contents.base import Mailbox
from conversations.contents.email import Email
from conversations.models import Conversation, Inbox, Inquiry, Message
from conversations.outbound.reply_option import ReplyOption


@dataclass(frozen=True)
class MailReply:
    """`others`: whom an answer to all goes to besides. No `answers`: a first mail."""

    answers: Message | None
    to: Sequence[Mailbox]
    others: Sequence[Mailbox]
    subject: str
    signature: str


def mail_reply(conversation: Conversation, option: ReplyOption) -> MailReply:
    settings = Setting(connection_of(option.inbox))
    answers = _newest_mail(conversation, option)
    email = (Email.of(answers) if answers else None) or Email()
    identity = option.identity
    own: Sequence[Mailbox] = [["", identity.raw or identity.value]] if identity else []
    if option.claim is not None:
        own = [["", option.claim.value]]
    connection = getattr(option.inbox, "connection", None)
    return MailReply(
        answers=answers,
        to=email.reply_to[:1] or own,
        others=everybody_else(answers, settings) if answers else [],
        subject=reply_subject(email.subject)
        if answers
        else _first_subject(conversation, option.inbox),
        signature=connection.signature if connection else "",
    )


def _newest_mail(conversation: Conversation, option: ReplyOption) -> Message | None:
    if option.identity is None:
        return None
    mails = Message.objects.mails().filter(
        conversation=conversation,
        inbox=option.inbox,
        identity=option.identity,
        direction=Direction.INBOUND,
        kind=MessageKind.TEXT,
    )
    return mails.order_by("-occurred_at", "-pk").first()


def usual_subject(inbox: Inbox) -> str:
    """Of a mail that answers none, where nobody has written one."""
    with translation.override(inbox.account.locale):
        return _("A message from %(account)s") % {"account": inbox.account.name}


def _first_subject(conversation: Conversation, inbox: Inbox) -> str:
    inquiry = Inquiry.objects.filter(conversation=conversation).open().first()
    return base_subject(inquiry.subject if inquiry else "") or usual_subject(inbox)


def everybody_else(message: Message, settings: Setting) -> Sequence[Mailbox]:
    """Whom an answer to all goes to besides the sender: never ourselves."""
    email = Email.of(message) or Email()
    own = {without_plus(settings.address)}
    answered_to = email.reply_to or email.from_
    own |= {address.lower() for _name, address in answered_to[:1]}
    found: dict[str, Mailbox] = {}
    for name, address in (*email.to, *email.cc):
        if not {address.lower(), without_plus(address)} & own:
            found.setdefault(address.lower(), [name, address])
    return list(found.values())
