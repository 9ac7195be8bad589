"""What the composer offers for a reply on a channel with subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from agentdesk.prepared import prepared
from conversations.choices import Direction, MessageKind
from conversations.connections.connection import adapter_of
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
    answers = _newest_mail(conversation, option)
    email = (Email.of(answers) or Email()) if answers else None
    subject = "" if answers else _inquiry_subject(conversation)
    offered = adapter_of(option.inbox).addressees(email, subject)
    identity = option.identity
    own: Sequence[Mailbox] = [["", identity.raw or identity.value]] if identity else []
    if option.claim is not None:
        own = [["", option.claim.value]]
    connection = getattr(option.inbox, "connection", None)
    return MailReply(
        answers=answers,
        to=offered.to or own,
        others=offered.others,
        subject=offered.subject or usual_subject(option.inbox),
        signature=connection.signature if connection else "",
    )


def _newest_mail(conversation: Conversation, option: ReplyOption) -> Message | None:
    if option.identity is None:
        return None
    mails = _mails(conversation.pk, option.inbox.pk, option.identity.pk)
    return mails[0] if mails else None


@prepared
def _mails(conversation_id: int, inbox_id: int, identity_id: int) -> QuerySet[Message]:
    mails = Message.objects.mails().filter(
        conversation=conversation_id,
        inbox=inbox_id,
        identity=identity_id,
        direction=Direction.INBOUND,
        kind=MessageKind.TEXT,
    )
    return mails.order_by("-occurred_at", "-pk")[:1]


def usual_subject(inbox: Inbox) -> str:
    """Of a mail that answers none, where nobody has written one."""
    with translation.override(inbox.account.locale):
        return _("A message from %(account)s") % {"account": inbox.account.name}


def _inquiry_subject(conversation: Conversation) -> str:
    inquiry = Inquiry.objects.filter(conversation=conversation).open().first()
    return inquiry.subject if inquiry else ""
