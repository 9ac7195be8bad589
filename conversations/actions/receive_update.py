"""What a provider tells of a message that is there already: receipts, edits, unsends."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from conversations.actions.notify import notify_author
from conversations.actions.receive import lock
from conversations.actions.receive_event import identity_of
from conversations.actions.recipient import is_of_copy
from conversations.actions.spend_reach import close_for
from conversations.adapters.events import (
    Accepted,
    DeliveryUpdate,
    Edit,
    Reaction,
    ReadUpTo,
    Unsend,
)
from conversations.choices import NOT_SENT, DeliveryState, Direction
from conversations.exceptions import NotYetError
from conversations.live import events
from conversations.models import Attachment, Delivery, Inbox, Message
from conversations.models.message import MAX_BODY
from conversations.text import prepare_body, preview_of

# How far a reply has come; a later state is never undone by an earlier one.
ADVANCED = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.UNKNOWN: 2,
    DeliveryState.SENT: 3,
    DeliveryState.FAILED: 4,
    DeliveryState.DELIVERED: 5,
    DeliveryState.READ: 6,
}


def apply_delivery_update(
    inbox: Inbox, told: DeliveryUpdate, *, received_at: datetime
) -> None:
    """A receipt. Raises NotYetError when it has overtaken the answer to our request."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("message__identity")
        .filter(inbox=inbox, provider_message_ids__contains=[told.provider_message_id])
        .first()
    )
    if delivery is None:
        _update_echo(inbox, told, received_at=received_at)
        return
    if is_of_copy(delivery.message, told.recipient):
        return
    if ADVANCED[DeliveryState(told.state)] <= ADVANCED[DeliveryState(delivery.state)]:
        return
    delivery.state = told.state
    if told.state == DeliveryState.FAILED:
        delivery.failure = told.code[:40]
        delivery.failure_detail = told.detail[:300]
        delivery.settled_at = timezone.now()
        close_for(delivery.message, told.code, at=told.occurred_at or received_at)
    delivery.save(update_fields=["state", "failure", "failure_detail", "settled_at"])
    settle_message(delivery.message, at=told.occurred_at or received_at)


def apply_accepted(inbox: Inbox, told: Accepted, *, received_at: datetime) -> None:
    """Settles a request whose answer was lost: it is not unknown, nor made again.

    Raises NotYetError while the request is under way.
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("message")
        .filter(inbox=inbox, message=told.message_id, number=told.number)
        .first()
    )
    if delivery is None or delivery.provider_message_ids:
        return
    if delivery.state == DeliveryState.SENDING:
        raise NotYetError("the request is under way")
    if not delivery.attempts:
        return
    delivery.state = DeliveryState.SENT
    delivery.provider_message_ids = [told.provider_message_id]
    delivery.payload, delivery.settled_at = {"sent": True}, timezone.now()
    delivery.failure = delivery.failure_detail = ""
    delivery.save()
    settle_message(delivery.message, at=received_at)


def _update_echo(inbox: Inbox, told: DeliveryUpdate, *, received_at: datetime) -> None:
    """The receipt of a reply that was written elsewhere."""
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .filter(inbox=inbox, provider_message_id=told.provider_message_id)
        .first()
    )
    if message is None:
        raise NotYetError("the message of this receipt is not known")
    if ADVANCED[DeliveryState(told.state)] > ADVANCED.get(
        DeliveryState(message.state), 9
    ):
        _advance(message, told.state, at=told.occurred_at or received_at)


def settle_message(message: Message, *, at: datetime) -> Message:
    """Bring a message to the state of its least advanced delivery, a failure first."""
    deliveries = list(message.deliveries.order_by("number"))
    failed = [one for one in deliveries if one.state == DeliveryState.FAILED]
    least = min(deliveries, key=lambda one: ADVANCED[DeliveryState(one.state)])
    shown = failed[0] if failed else least
    message.failure = shown.failure
    message.data = {**message.data, "failure_detail": shown.failure_detail}
    if not shown.failure:
        message.data.pop("failure_detail")
    if message.provider_message_id is None:
        message.provider_message_id = _free_id(message, deliveries)
    _advance(message, shown.state, at=at)
    return message


def _free_id(message: Message, deliveries: list[Delivery]) -> str | None:
    """The provider's id of the reply, unless another message has it already."""
    ids = [one for each in deliveries for one in each.provider_message_ids]
    if not ids:
        return None
    same = Message.objects.filter(
        inbox=message.inbox_id, provider_message_id=ids[0][:200]
    )
    return None if same.exists() else ids[0][:200]


def _advance(message: Message, state: str, *, at: datetime) -> None:
    has_failed = state in NOT_SENT and message.state not in NOT_SENT
    message.state = state
    if state in {DeliveryState.DELIVERED, DeliveryState.READ}:
        message.delivered_at = message.delivered_at or at
    if state == DeliveryState.READ:
        message.read_at = message.read_at or at
    message.save(
        update_fields=[
            "state",
            "failure",
            "data",
            "provider_message_id",
            "delivered_at",
            "read_at",
        ]
    )
    events.message_changed(message)
    if has_failed:
        notify_author(message)


def apply_read_up_to(inbox: Inbox, told: ReadUpTo, *, received_at: datetime) -> None:
    """The customer has seen, or been delivered, all that was sent until then."""
    identity = identity_of(inbox, told.person)
    reached = (DeliveryState.SENT, DeliveryState.DELIVERED)
    before = reached if told.state == DeliveryState.READ else reached[:1]
    rows = Delivery.objects.filter(
        inbox=inbox,
        state__in=before,
        message__identity=identity,
        message__conversation__customer_id=identity.customer_id,
        settled_at__lte=told.until,
    ).order_by("-pk")[:200]
    for delivery in rows.select_related("message"):
        Delivery.objects.filter(pk=delivery.pk).update(state=told.state)
        settle_message(delivery.message, at=told.until)


def _of_customer(inbox: Inbox, provider_message_id: str) -> Message:
    """Their message, locked. Raises NotYetError."""
    found = Message.objects.filter(
        inbox=inbox, provider_message_id=provider_message_id
    ).first()
    if found is None:
        raise NotYetError("the message it speaks of is not known")
    lock(found.conversation)
    return Message.objects.select_related("conversation").get(pk=found.pk)


@transaction.atomic
def apply_unsend(inbox: Inbox, told: Unsend, *, received_at: datetime) -> None:
    """The text and the files go; a tombstone stays."""
    message = _of_customer(inbox, told.provider_message_id)
    if message.removed_at is not None:
        return
    message.removed_at = told.occurred_at or received_at
    message.body, message.data = "", {}
    message.save(update_fields=["removed_at", "body", "data"])
    for attachment in Attachment.objects.filter(message=message):
        attachment.delete()
        transaction.on_commit(partial(_drop_files, attachment))
    conversation = message.conversation
    if conversation.last_message_at == message.occurred_at:
        conversation.preview = ""
        conversation.save(update_fields=["preview"])
    events.message_changed(message)


def _drop_files(attachment: Attachment) -> None:
    attachment.file.delete(save=False)
    attachment.preview.delete(save=False)


@transaction.atomic
def apply_edit(inbox: Inbox, told: Edit, *, received_at: datetime) -> None:
    """The new text, and the earlier ones beside it. A late edit is an earlier one."""
    message = _of_customer(inbox, told.provider_message_id)
    if message.removed_at is not None:
        return
    at = (told.occurred_at or received_at).isoformat()
    body = prepare_body(told.body, MAX_BODY)
    earlier = list(message.data.get("earlier", []))
    if any(one["until"] == at for one in earlier):
        return
    latest = message.data.get("edited_at", "")
    if at < latest:
        earlier.append({"body": body, "until": at})
    else:
        earlier.append({"body": message.body, "until": at})
        message.body = body
        message.data = {**message.data, "edited_at": at}
    earlier.sort(key=lambda one: str(one["until"]))
    message.data = {**message.data, "earlier": earlier[-20:]}
    message.save(update_fields=["body", "data"])
    conversation = message.conversation
    if conversation.last_message_at == message.occurred_at:
        conversation.preview = preview_of(message.body)
        conversation.save(update_fields=["preview"])
    events.message_changed(message)


@transaction.atomic
def apply_reaction(inbox: Inbox, told: Reaction, *, received_at: datetime) -> None:
    """An emoji on a message of either side; an empty one takes it back.

    What comes late does not undo what is newer.
    """
    message = _reacted_to(inbox, told.provider_message_id)
    side = "us" if told.is_ours else "customer"
    at = (told.occurred_at or received_at).isoformat()
    times = message.data.get("reacted_at", {})
    if at < times.get(side, ""):
        return
    reactions = {**message.data.get("reactions", {}), side: told.emoji[:16]}
    if not told.emoji:
        reactions.pop(side)
    times = {**times, side: at}
    message.data = {**message.data, "reactions": reactions, "reacted_at": times}
    message.save(update_fields=["data"])
    events.message_changed(message)


def _reacted_to(inbox: Inbox, provider_message_id: str) -> Message:
    try:
        return _of_customer(inbox, provider_message_id)
    except NotYetError:
        delivery = Delivery.objects.filter(
            inbox=inbox, provider_message_ids__contains=[provider_message_id]
        ).first()
        if delivery is None:
            raise
        return Message.objects.select_for_update(no_key=True).get(
            pk=delivery.message_id, direction=Direction.OUTBOUND
        )
