"""What the composer offers for a reply that goes as a mail."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from agentdesk.prepared import prepared
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.subject import base_subject, reply_subject
from conversations.adapters.email.token import without_plus
from conversations.choices import Direction, MessageKind
from conversations.connections.connection import connection_of
from conversations.models import Conversation, Inbox, Inquiry, Message
from conversations.outbound.reply_option import ReplyOption

Person = list[str]  # name, address


@dataclass(frozen=True)
class MailReply:
    """`others`: whom an answer to all goes to besides. No `answers`: a first mail."""

    answers: Message | None
    to: list[Person]
    others: list[Person]
    subject: str
    signature: str


def mail_reply(conversation: Conversation, option: ReplyOption) -> MailReply:
    settings = Setting(connection_of(option.inbox))
    answers = _newest_mail(conversation, option)
    email = answers.data["email"] if answers else {}
    identity = option.identity
    own = [["", identity.raw or identity.value]] if identity else []
    if option.claim is not None:
        own = [["", option.claim.value]]
    connection = getattr(option.inbox, "connection", None)
    return MailReply(
        answers=answers,
        to=email.get("reply_to", [])[:1] or own,
        others=everybody_else(answers, settings) if answers else [],
        subject=reply_subject(str(email.get("subject", "")))
        if answers
        else _first_subject(conversation, option.inbox),
        signature=connection.signature if connection else "",
    )


def _newest_mail(conversation: Conversation, option: ReplyOption) -> Message | None:
    if option.identity is None:
        return None
    mails = _mails(conversation.pk, option.inbox.pk, option.identity.pk)
    return mails[0] if mails else None


@prepared
def _mails(conversation_id: int, inbox_id: int, identity_id: int) -> QuerySet[Message]:
    mails = Message.objects.filter(
        conversation=conversation_id,
        inbox=inbox_id,
        identity=identity_id,
        direction=Direction.INBOUND,
        kind=MessageKind.TEXT,
        data__has_key="email",
    )
    return mails.order_by("-occurred_at", "-pk")[:1]


def usual_subject(inbox: Inbox) -> str:
    """Of a mail that answers none, where nobody has written one."""
    with translation.override(inbox.account.locale):
        return _("A message from %(account)s") % {"account": inbox.account.name}


def _first_subject(conversation: Conversation, inbox: Inbox) -> str:
    inquiry = Inquiry.objects.filter(conversation=conversation).open().first()
    return base_subject(inquiry.subject if inquiry else "") or usual_subject(inbox)


def everybody_else(message: Message, settings: Setting) -> list[Person]:
    """Whom an answer to all goes to besides the sender: never ourselves."""
    email = message.data.get("email", {})
    own = {without_plus(settings.address)}
    answered_to = email.get("reply_to") or email.get("from") or []
    own |= {address.lower() for _name, address in answered_to[:1]}
    found: dict[str, Person] = {}
    for name, address in [*email.get("to", []), *email.get("cc", [])]:
        if not {address.lower(), without_plus(address)} & own:
            found.setdefault(address.lower(), [name, address])
    return list(found.values())
