"""Mail as it comes in: to its conversation, into a side thread, or back from where it went."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.adapters.email.fingerprint import fingerprint
from conversations.adapters.events import (
    Bounce,
    DeliveryUpdate,
    InboundMail,
    InboundMessage,
)
from conversations.adapters.failures import UnknownEventError
from conversations.choices import (
    DeliveryState,
    Direction,
    FailureCode,
    MessageKind,
    NotificationKind,
    ThreadEvent,
)
from conversations.contents.sending import ReturnedMail
from conversations.contents.side_thread import SideThread
from conversations.exceptions import NotYetError
from conversations.inbound.identify_person import identity_of
from conversations.inbound.prove_by_answer import prove_by_answer
from conversations.inbound.receive_event import Arrival, Incoming, receive_inbound
from conversations.inbound.receive_files import place_files
from conversations.inbound.receive_receipt import apply_delivery_update
from conversations.inbound.thread_mail import place_of, side_of
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.messages.change import set_content
from conversations.messages.text import prepare_body
from conversations.models import (
    Conversation,
    Delivery,
    Inbox,
    Inquiry,
    MailBody,
    Message,
    ProviderEvent,
)
from conversations.models.message import MAX_BODY
from conversations.outbound.consume_reply_token import CLOSING
from conversations.outbound.recipient import is_of_copy, written_to
from customers.people.text import normalise_email, storable_html, stored_text

# A bounce that does not say which mail came back is that of the last one for so long.
_BOUNCE_LIFE = timedelta(days=7)
_LONGEST_WAY = timedelta(days=30)
_STRAY = gettext_noop("Mail of another sender that refers to this inquiry")
_BOUNCED = gettext_noop("A mail could not be delivered")
_DELAYED = gettext_noop("A mail is delayed and still being tried")
_MAX_TEXT, _MAX_HTML = 1_000_000, 2_000_000
_MOST_RETURNED = 20  # recipients of one mail that are named


def receive_mail(event: ProviderEvent, parsed: InboundMail) -> Arrival | None:
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
    incoming = Incoming(
        _with_id_of_its_own(event, _in_its_time(event, parsed.message)),
        event.received_at,
        answers=place.answers,
        is_quiet=parsed.is_automatic,
    )
    [arrival] = receive_inbound(inbox, [incoming])
    message = arrival.received.message
    if arrival.received.is_new:
        _store_body(message, event, parsed)
        if place.stray is not None:
            _report_stray(place.stray, message, sender=identity.value)
    return arrival


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
    known = (
        Message.objects.select_related("mail__event")
        .filter(inbox=event.inbox, provider_message_id=message_id)
        .first()
    )
    if known is None:
        return message_id
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


def apply_bounce(event: ProviderEvent, parsed: Bounce) -> None:
    """A mail of ours came back. Raises UnknownEventError where it was not ours.

    Raises NotYetError where it is one whose sending is not settled yet.
    """
    inbox = event.inbox
    message = _returned(inbox, parsed)
    if message is None and parsed.is_ours:
        raise NotYetError("the message of this receipt is not known")
    if message is None:
        raise UnknownEventError("a bounce of a mail we did not send")
    recipient = normalise_email(parsed.recipient)
    returned = ReturnedMail.of(message)
    known = returned.bounced if parsed.is_final else returned.delayed
    if recipient in known:
        return
    more = [*known, recipient][-_MOST_RETURNED:]
    set_content(
        message,
        ReturnedMail(bounced=more) if parsed.is_final else ReturnedMail(delayed=more),
    )
    is_copy = is_of_copy(message, recipient)
    if parsed.is_final and not is_copy:
        _fail(inbox, message, parsed, event)
    add_line(
        message.conversation,
        message.inquiry,
        ThreadEvent.TO_CHECK,
        actor=None,
        after={
            "reason": _BOUNCED if parsed.is_final else _DELAYED,
            "value": recipient or ", ".join(written_to(message)),
            "detail": parsed.detail,
        },
    )
    events.message_changed(message)


def _returned(inbox: Inbox, parsed: Bounce) -> Message | None:
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related(
        "identity", "inquiry", "conversation__account"
    )
    if parsed.provider_message_id:
        delivery = Delivery.objects.filter(
            inbox=inbox, provider_message_ids__contains=[parsed.provider_message_id]
        ).first()
        return rows.get(pk=delivery.message_id) if delivery else None
    address = normalise_email(parsed.recipient) or "-"
    sent = rows.filter(
        inbox=inbox,
        direction=Direction.OUTBOUND,
        occurred_at__gte=timezone.now() - _BOUNCE_LIFE,
    )
    return sent.written_to(address).order_by("-pk").first()


def _fail(inbox: Inbox, message: Message, parsed: Bounce, event: ProviderEvent) -> None:
    ids = message.deliveries.values_list("provider_message_ids", flat=True)
    known = next((one for each in ids for one in each), "")
    if not known:
        return
    # Who knows no mail of ours may be anybody: such a word closes no address.
    is_hearsay = not parsed.provider_message_id and parsed.code in CLOSING
    update = DeliveryUpdate(
        provider_message_id=known,
        state=DeliveryState.FAILED,
        occurred_at=parsed.occurred_at,
        code=FailureCode.REFUSED if is_hearsay else parsed.code,
        detail=parsed.detail,
    )
    apply_delivery_update(inbox, update, received_at=event.received_at)
    message.refresh_from_db()
