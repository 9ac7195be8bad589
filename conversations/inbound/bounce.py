"""Mails of ours that came back."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from conversations.adapters.events import Bounce, DeliveryUpdate
from conversations.adapters.failures import UnknownEventError
from conversations.choices import (
    DeliveryState,
    Direction,
    FailureCode,
    ThreadEvent,
)
from conversations.contents.sending import ReturnedMail
from conversations.exceptions import NotYetError
from conversations.inbound.receipts import apply_delivery_update
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.messages.change import set_content
from conversations.models import Delivery, Inbox, Message, ProviderEvent
from conversations.outbound.consume_reply_token import CLOSING
from conversations.outbound.recipient import is_of_copy, written_to
from customers.people.text import normalise_email

# A bounce that does not say which mail came back is that of the last one for so long.
_BOUNCE_LIFE = timedelta(days=7)
_MOST_RETURNED = 20  # recipients of one mail that are named
_BOUNCED = gettext_noop("A mail could not be delivered")
_DELAYED = gettext_noop("A mail is delayed and still being tried")


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
