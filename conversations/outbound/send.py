"""The step that asks the provider: the next request of a reply is claimed, then made.

The claim is committed before the request is made, and the request outside any
transaction: whatever stops the worker in between leaves a row that says so.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from conversations.adapters.base import Adapter, Outbound, Part, Sent
from conversations.adapters.failures import SendError
from conversations.choices import DeliveryState, Direction
from conversations.connections.renew_secrets import connected
from conversations.models import Delivery, Message
from conversations.outbound.claim_code_form import digits_for, filled_in
from conversations.outbound.compose import outbound_of
from conversations.outbound.consume_reply_token import consume_reply_token
from conversations.outbound.plan_delivery import planned, refuse
from conversations.outbound.settle import UNSENT, locked_reply, settle


@dataclass(frozen=True)
class Claimed:
    delivery: Delivery
    adapter: Adapter
    outbound: Outbound
    code: str = ""  # put into what leaves, stored nowhere

    @property
    def part(self) -> Part:
        one = self.delivery
        payload = filled_in(one.payload, self.code)
        return Part(payload, is_keyed=one.is_keyed, file=one.file)


def send(claimed: Claimed) -> tuple[Sent | None, SendError | None]:
    """What the provider says of it, or why it was not to be had."""
    one = claimed.delivery
    try:
        return claimed.adapter.send(
            claimed.outbound, claimed.part, key=str(one.key)
        ), None
    except SendError as error:
        return None, error


@transaction.atomic
def claim(pk: int) -> Claimed | None:
    """The next request of a reply, now ours to make; None when there is none now."""
    message = _unsent(pk)
    if message is None or message.inbox is None:
        return None
    inbox = message.inbox
    adapter = connected(inbox)
    try:
        outbound = outbound_of(message)
        deliveries = planned(message, inbox, adapter, outbound)
    except SendError as error:
        refuse(message, inbox, error)
        return None
    now = timezone.now()
    delivery = _next(message, deliveries, now=now)
    if delivery is None:
        return None
    delivery.state = DeliveryState.SENDING
    delivery.claimed_at = now
    delivery.attempts += 1
    delivery.save(update_fields=["state", "claimed_at", "attempts"])
    if delivery.number == 0 and delivery.attempts == 1:
        consume_reply_token(message, outbound, now=now)
    if message.state != DeliveryState.SENDING:
        message.state = DeliveryState.SENDING
        message.save(update_fields=["state"])
    return Claimed(delivery, adapter, outbound, digits_for(message))


def _unsent(pk: int) -> Message | None:
    """The reply, locked; None where there is nothing of it to send now.

    Who else is at work on it has a moment's work: to skip it would leave it to the sweep.
    """
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inbox__account", "inbox__connection", "identity", "account")
        .filter(pk=pk, direction=Direction.OUTBOUND, state__in=UNSENT)
        .exclude(held_until__gt=timezone.now())
        .first()
    )
    is_late = message is None or _is_overtaking(message)
    return None if is_late else message


def _next(
    message: Message, deliveries: list[Delivery], *, now: datetime
) -> Delivery | None:
    waiting = [one for one in deliveries if one.state in UNSENT]
    if not waiting:  # an earlier version may have left it unsettled
        settle(locked_reply(message.pk), at=now)
        return None
    is_later = waiting[0].next_attempt_at is not None and (
        waiting[0].next_attempt_at > now
    )
    is_under_way = waiting[0].state == DeliveryState.SENDING
    return None if is_later or is_under_way else waiting[0]


def _is_overtaking(message: Message) -> bool:
    """Replies of one conversation on one inbox leave in the order they were written."""
    return Message.objects.filter(
        conversation_id=message.conversation_id,
        inbox=message.inbox_id,
        direction=Direction.OUTBOUND,
        state__in=UNSENT,
        pk__lt=message.pk,
    ).exists()
