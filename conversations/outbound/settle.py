"""Settling a reply: whoever has news of one of its requests does it through here.

Rows are locked in one order everywhere: conversation, inquiry, message, its deliveries
by number, reach. Who needs only a later one begins there; nobody goes back. A message
is locked before anything of its deliveries is decided, and both are read after that:
what was read before may be another by now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from agentdesk.bulk_update import save_all
from conversations.choices import NOT_SENT, DeliveryState
from conversations.inquiries.actions.notify import notify_author
from conversations.live import events
from conversations.models import Delivery, Inbox, Message

UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)
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
_COLUMNS = (
    *("state", "failure", "failure_detail"),
    *("provider_message_id", "delivered_at", "read_at"),
)


@dataclass
class Reply:
    """A message and its requests, locked until the transaction ends."""

    message: Message
    deliveries: list[Delivery]

    def delivery(self, pk: int) -> Delivery:
        return next(one for one in self.deliveries if one.pk == pk)


def is_further(state: str, than: str) -> bool:
    return ADVANCED[DeliveryState(state)] > ADVANCED.get(DeliveryState(than), 9)


def locked_reply(message_pk: int) -> Reply:
    (reply,) = locked_replies([message_pk])
    return reply


def locked_replies(
    message_pks: Iterable[int], *, skip_locked: bool = False
) -> list[Reply]:
    """Two statements, whatever their number. `skip_locked` leaves out those in use."""
    rows = (
        Message.objects.select_for_update(
            of=("self",), no_key=True, skip_locked=skip_locked
        )
        .select_related("conversation", "identity", "inbox")
        .filter(pk__in=list(message_pks))
        .order_by("pk")
    )
    replies = {row.pk: Reply(row, []) for row in rows}
    deliveries = Delivery.objects.select_for_update(no_key=True)
    for one in deliveries.filter(message__in=list(replies)).order_by(
        "message", "number"
    ):
        one.message = replies[one.message_id].message
        replies[one.message_id].deliveries.append(one)
    return list(replies.values())


def locked_by_provider_id(
    inbox: Inbox, provider_message_id: str
) -> tuple[Reply, Delivery] | None:
    """The reply that has a request with that id of the provider's, and the request."""
    rows = Delivery.objects.filter(
        inbox=inbox, provider_message_ids__contains=[provider_message_id]
    )
    message_pk = rows.values_list("message", flat=True).first()
    if message_pk is None:
        return None
    reply = locked_reply(message_pk)
    for one in reply.deliveries:
        if provider_message_id in one.provider_message_ids:
            return reply, one
    return None  # it has been sent anew meanwhile, under another id


def settle(reply: Reply, *, at: datetime) -> Message:
    """Bring a message to the state of its least advanced delivery, a failure first."""
    settle_all([reply], at=at)
    return reply.message


def settle_all(replies: Sequence[Reply], *, at: datetime) -> None:
    """The same of several, which come locked, their deliveries saved already."""
    before = {one.message.pk: one.message.state for one in replies}
    changed = [one.message for one in replies if _is_changed(one, at=at)]
    save_all(changed, _COLUMNS)
    for message in changed:
        events.message_changed(message)
        if message.state in NOT_SENT and before[message.pk] not in NOT_SENT:
            notify_author(message)


def advance(message: Message, state: str, *, at: datetime) -> None:
    """Of a locked message without requests: a reply that was written elsewhere."""
    has_failed = state in NOT_SENT and message.state not in NOT_SENT
    _set_state(message, state, at=at)
    save_all([message], _COLUMNS)
    events.message_changed(message)
    if has_failed:
        notify_author(message)


def _is_changed(reply: Reply, *, at: datetime) -> bool:
    message, deliveries = reply.message, reply.deliveries
    before = _values(message)
    failed = [one for one in deliveries if one.state == DeliveryState.FAILED]
    least = min(deliveries, key=lambda one: ADVANCED[DeliveryState(one.state)])
    shown = failed[0] if failed else least
    message.failure = shown.failure
    message.failure_detail = shown.failure_detail if shown.failure else ""
    if message.provider_message_id is None:
        message.provider_message_id = _free_id(message, deliveries)
    _set_state(message, shown.state, at=at)
    return before != _values(message)


def _values(message: Message) -> list[object]:
    return [getattr(message, name) for name in _COLUMNS]


def _set_state(message: Message, state: str, *, at: datetime) -> None:
    message.state = state
    if state in {DeliveryState.DELIVERED, DeliveryState.READ}:
        message.delivered_at = message.delivered_at or at
    if state == DeliveryState.READ:
        message.read_at = message.read_at or at


def _free_id(message: Message, deliveries: list[Delivery]) -> str | None:
    """The provider's id of the reply, unless another message has it already."""
    ids = [one for each in deliveries for one in each.provider_message_ids]
    if not ids:
        return None
    same = Message.objects.filter(
        inbox=message.inbox_id, provider_message_id=ids[0][:200]
    )
    return None if same.exists() else ids[0][:200]


def note_taken(
    delivery: Delivery, message_ids: list[str], *, is_delivered: bool = False
) -> None:
    """The provider has it, under these ids. A receipt that came before stays true."""
    state = DeliveryState.DELIVERED if is_delivered else DeliveryState.SENT
    if delivery.state not in {DeliveryState.DELIVERED, DeliveryState.READ}:
        delivery.state = state
    delivery.provider_message_ids = message_ids
    delivery.payload, delivery.settled_at = {"sent": True}, timezone.now()
    delivery.failure = delivery.failure_detail = ""
    delivery.save()
