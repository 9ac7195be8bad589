"""Mail as it comes in: to its conversation, or into a side thread."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.adapters.email.fingerprint import fingerprint
from conversations.adapters.events import (
    InboundMail,
    InboundMessage,
)
from conversations.choices import (
    Direction,
    MessageKind,
    NotificationKind,
    ThreadEvent,
)
from conversations.contents.side_thread import SideThread
from conversations.inbound.files import place_files
from conversations.inbound.identify import identity_of
from conversations.inbound.pipeline import draft_of, receive_drafts
from conversations.inbound.prove_by_answer import prove_by_answer
from conversations.inbound.shapes import Result
from conversations.inbound.thread_mail import place_of, side_of
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.messages.text import prepare_body
from conversations.models import (
    Conversation,
    Inquiry,
    MailBody,
    Message,
    ProviderEvent,
)
from conversations.models.message import MAX_BODY
from customers.people.text import storable_html, stored_text

_LONGEST_WAY = timedelta(days=30)
_STRAY = gettext_noop("Mail of another sender that refers to this inquiry")
_MAX_TEXT, _MAX_HTML = 1_000_000, 2_000_000


def receive_mail(event: ProviderEvent, parsed: InboundMail) -> Result | None:
    """A customer's mail, or a third party's answer to what was forwarded to them."""
    inbox = event.inbox
    root = side_of(inbox, parsed)
    side = SideThread.of(root) if root is not None else None
    if root is not None and side is not None:
        _join_side(event, parsed, root, side)
        return None
    prove_by_answer(inbox, parsed)
    identity = identity_of(inbox, parsed.message.sender)
    place = place_of(inbox, identity, parsed)
    mail = _with_id_of_its_own(event, _in_its_time(event, parsed.message))
    draft = draft_of(inbox, mail, event.received_at)
    draft.message.identity, draft.customer = identity, identity.customer
    draft.answers, draft.is_quiet = place.answers, parsed.is_automatic
    [result] = receive_drafts(inbox, [draft])
    if result.is_new:
        _store_body(result.message, event, parsed)
        if place.stray is not None:
            _report_stray(place.stray, result.message, sender=identity.value)
    return result


def _in_its_time(event: ProviderEvent, message: InboundMessage) -> InboundMessage:
    """No mail is on its way for longer: the clock of who wrote it stands still."""
    at = message.occurred_at
    if at is None or event.received_at - at < _LONGEST_WAY:
        return message
    return replace(message, occurred_at=None)


def _with_id_of_its_own(event: ProviderEvent, mail: InboundMessage) -> InboundMessage:
    found = _id_of_its_own(event, mail.provider_message_id)
    return replace(mail, provider_message_id=found)


def _id_of_its_own(event: ProviderEvent, message_id: str) -> str:
    """The id of a message: forms and machines give all their mails one Message-ID.

    Another with the same words and files is a repeat, and keeps the id; else it is a
    mail that must not vanish, and gets one made of what is in it.
    """
    rows = Message.objects.filter(inbox=event.inbox, provider_message_id=message_id)
    if not rows.exists():
        return message_id
    known = rows.select_related("mail__event").get()
    raw, mark = _raw_of(known), fingerprint(bytes(event.body))
    if raw is not None and fingerprint(raw) == mark:
        return message_id
    return f"{message_id[:180]}#{mark[:16]}"


def _raw_of(message: Message) -> bytes | None:
    mail = getattr(message, "mail", None)
    return bytes(mail.event.body) if mail is not None and mail.event else None


def _limited_text(text: str) -> str:
    return stored_text(text)[:_MAX_TEXT]


def _store_body(message: Message, event: ProviderEvent, parsed: InboundMail) -> None:
    MailBody.objects.create(
        message=message,
        event=event,
        text=_limited_text(parsed.text),
        html=storable_html(parsed.html)[:_MAX_HTML],
    )


def _report_stray(stray: Inquiry, message: Message, *, sender: str) -> None:
    """Somebody else holds a mark of this conversation: forwarded to them, or guessed."""
    add_line(
        stray.conversation,
        stray,
        ThreadEvent.TO_CHECK,
        actor=None,
        after={
            "reason": _STRAY,
            "value": sender,
            "conversation": message.conversation_id,
        },
    )


def _join_side(
    event: ProviderEvent, parsed: InboundMail, root: Message, side: SideThread
) -> None:
    inbox, mail = event.inbox, _with_id_of_its_own(event, parsed.message)
    conversation = conversation_of(root.conversation.customer)
    known = Message.objects.filter(
        inbox=inbox, provider_message_id=mail.provider_message_id
    )
    if known.exists():
        return
    at = min(mail.occurred_at or event.received_at, timezone.now())
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=at,
        answers=root.inquiry,
    )
    message = Message.objects.create(
        account_id=inbox.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        channel=inbox.channel,
        kind=MessageKind.NOTE,
        direction=Direction.INBOUND,
        body=prepare_body(mail.body, MAX_BODY),
        data={**mail.data, **side.as_data()},
        provider_message_id=mail.provider_message_id,
        occurred_at=at,
    )
    place_files(message, mail.media)
    _store_body(message, event, parsed)
    _notify_side(conversation, inquiry, message)


def _notify_side(
    conversation: Conversation, inquiry: Inquiry, message: Message
) -> None:
    inquiry.last_activity_at = max(inquiry.last_activity_at, message.occurred_at)
    inquiry.save(update_fields=["last_activity_at"])
    events.message_added(message)
    events.list_changed(inquiry)
    if inquiry.owner is not None:
        notify(inquiry.owner, NotificationKind.MESSAGE, conversation, message=message)
