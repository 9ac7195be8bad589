"""What a provider tells of a reply of ours: taken, delivered, read, failed."""

from datetime import datetime

from django.utils import timezone

from agentdesk.bulk_update import save_all
from conversations.adapters.events import Accepted, DeliveryUpdate, Person, ReadUpTo
from conversations.choices import DeliveryState
from conversations.exceptions import NotYetError
from conversations.inbound.identify import scoped
from conversations.models import Delivery, Inbox, Message
from conversations.outbound.consume_reply_token import close_for
from conversations.outbound.recipient import is_of_copy
from conversations.outbound.settle import (
    UNSENT,
    Reply,
    advance,
    is_further,
    locked_by_provider_id,
    locked_replies,
    locked_reply,
    note_taken,
    settle,
    settle_all,
)
from customers.models import Identity
from customers.people.actions.identify import known_identities

_AT_ONCE = 200


def apply_delivery_update(
    inbox: Inbox, update: DeliveryUpdate, *, received_at: datetime
) -> None:
    """A receipt. Raises NotYetError when it has overtaken the answer to our request."""
    found = locked_by_provider_id(inbox, update.provider_message_id)
    if found is None:
        _update_echo(inbox, update, received_at=received_at)
        return
    reply, delivery = found
    if is_of_copy(reply.message, update.recipient) or not _is_news(delivery, update):
        return
    at = update.occurred_at or received_at
    delivery.state = update.state
    delivery.failure = delivery.failure_detail = ""
    if update.state == DeliveryState.FAILED:
        delivery.failure = update.code[:40]
        delivery.failure_detail = update.detail[:300]
        delivery.settled_at = timezone.now()
    delivery.save(update_fields=["state", "failure", "failure_detail", "settled_at"])
    settle(reply, at=at)
    if update.state == DeliveryState.FAILED:
        close_for(reply.message, update.code, at=at)


def _is_news(delivery: Delivery, update: DeliveryUpdate) -> bool:
    """A failure of what is being sent anew is of the attempt before: it is known."""
    if update.state == DeliveryState.FAILED and delivery.state in UNSENT:
        return False
    return is_further(update.state, than=delivery.state)


def _update_echo(
    inbox: Inbox, update: DeliveryUpdate, *, received_at: datetime
) -> None:
    """The receipt of a reply that was written elsewhere."""
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conversation")
        .filter(inbox=inbox, provider_message_id=update.provider_message_id)
        .first()
    )
    if message is None:
        raise NotYetError("the message of this receipt is not known")
    if is_further(update.state, than=message.state):
        advance(message, update.state, at=update.occurred_at or received_at)


def apply_accepted(inbox: Inbox, accepted: Accepted, *, received_at: datetime) -> None:
    """Settles a request whose answer was lost: it is not unknown, nor made again.

    Raises NotYetError while the request is under way.
    """
    is_ours = Message.objects.filter(pk=accepted.message_id, inbox=inbox).exists()
    if not is_ours:
        return
    reply = locked_reply(accepted.message_id)
    numbered = [one for one in reply.deliveries if one.number == accepted.number]
    if not numbered or numbered[0].provider_message_ids:
        return
    (delivery,) = numbered
    if delivery.state == DeliveryState.SENDING:
        raise NotYetError("the request is under way")
    if not delivery.attempts:
        return
    note_taken(delivery, [accepted.provider_message_id])
    settle(reply, at=received_at)


def apply_read_up_to(inbox: Inbox, read: ReadUpTo, *, received_at: datetime) -> None:
    """The customer has seen, or been delivered, all that was sent until then.

    To somebody we have never met nothing was sent.
    """
    identity = _known(inbox, read.person)
    if identity is None:
        return
    before = [DeliveryState.SENT]
    if read.state == DeliveryState.READ:
        before.append(DeliveryState.DELIVERED)
    reached = Delivery.objects.filter(
        inbox=inbox,
        state__in=before,
        message__identity=identity,
        message__conversation__customer_id=identity.customer_id,
        settled_at__lte=read.until,
    )
    newest = reached.order_by("-pk").values_list("message", flat=True)[:_AT_ONCE]
    replies = locked_replies(set(newest))
    _advance_all(replies, set(before), read)
    settle_all(replies, at=read.until)


def _advance_all(
    replies: list[Reply], before: set[DeliveryState], read: ReadUpTo
) -> None:
    advanced = [
        one
        for reply in replies
        for one in reply.deliveries
        if one.state in before and one.settled_at and one.settled_at <= read.until
    ]
    for one in advanced:
        one.state = read.state
    save_all(advanced, ("state",))


def _known(inbox: Inbox, person: Person) -> Identity | None:
    addresses = [scoped(inbox, one) for one in (person.address, *person.also)]
    known = known_identities(inbox.account, addresses)
    return next((known[one] for one in addresses if one in known), None)
