"""Sending a reply: claim it, ask the provider outside any transaction, settle it.

A reply is one or more requests (deliveries), made one after the other. Whatever stops
the worker in between leaves rows that say how far it came.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from conversations.adapters.base import Adapter, Outbound, Part, Sent
from conversations.adapters.failures import SendError
from conversations.choices import (
    AttemptOutcome,
    DeliveryState,
    Direction,
    FailureCode,
)
from conversations.connections.note_sign_in import note_accepted, note_refused
from conversations.connections.renew_secrets import connected
from conversations.connections.use_quota import note_used, note_used_up
from conversations.contents.sending import SentFacts
from conversations.messages.change import set_content
from conversations.models import Delivery, DeliveryAttempt, Message
from conversations.outbound.claim_code_form import digits_for, filled_in
from conversations.outbound.compose import outbound_of
from conversations.outbound.consume_reply_token import close_for, consume_reply_token
from conversations.outbound.plan_delivery import planned, refuse
from conversations.outbound.settle import (
    UNSENT,
    Reply,
    locked_reply,
    note_taken,
    settle,
)

MOST_ATTEMPTS = 8
_PAUSES = (1, 3, 10, 30, 60, 120, 300)  # seconds
_LONGEST_PAUSE = 15 * 60
_OPEN = {DeliveryState.SENDING, DeliveryState.UNKNOWN}
_STATE_AFTER = {
    AttemptOutcome.UNKNOWN: DeliveryState.UNKNOWN,
    AttemptOutcome.PERMANENT: DeliveryState.FAILED,
    AttemptOutcome.TEMPORARY: DeliveryState.QUEUED,
}


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


def deliver(pk: int) -> Message | None:
    """Send all that is left of a reply. A second run at the same time does nothing."""
    while (claimed := claim(pk)) is not None:
        began = time.monotonic()
        sent, error = _request_provider(claimed)
        took = int((time.monotonic() - began) * 1000)
        if sent is not None:
            _accept(claimed, sent, took=took)
        elif error is not None:
            return _fail(claimed, error, took=took)
    return next_in_line(pk)


def _request_provider(claimed: Claimed) -> tuple[Sent | None, SendError | None]:
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


@transaction.atomic
def _accept(claimed: Claimed, sent: Sent, *, took: int) -> None:
    reply = _still_ours(claimed)
    if reply is None:
        return
    delivery = reply.delivery(claimed.delivery.pk)
    note_taken(delivery, list(sent.message_ids), is_delivered=sent.is_delivered)
    _log(delivery, AttemptOutcome.ACCEPTED, took=took)
    if sent.facts:
        set_content(reply.message, SentFacts.from_json(sent.facts))
    settle(reply, at=timezone.now())
    note_accepted(delivery.inbox_id)
    note_used(delivery.inbox_id, sent.metered)


@transaction.atomic
def _fail(claimed: Claimed, error: SendError, *, took: int) -> Message | None:
    reply = _still_ours(claimed)
    if reply is None:
        return None
    delivery, now = reply.delivery(claimed.delivery.pk), timezone.now()
    outcome = _outcome(delivery, error)
    _log(delivery, outcome, took=took, error=error)
    if delivery.state not in _OPEN:  # a receipt says that an earlier attempt arrived
        return reply.message
    delivery.failure = error.code
    delivery.failure_detail = error.detail[:300]
    delivery.state, delivery.settled_at = _STATE_AFTER[outcome], now
    if outcome == AttemptOutcome.TEMPORARY:
        delivery.next_attempt_at = now + pause(delivery.attempts, error.retry_after)
        delivery.settled_at = None
    delivery.save()
    settle(reply, at=now)
    if outcome == AttemptOutcome.PERMANENT:
        close_for(reply.message, error.code, at=now)
    if error.code == FailureCode.QUOTA:
        note_used_up(delivery.inbox_id)
    note_refused(delivery.inbox_id, error)
    return None if outcome == AttemptOutcome.TEMPORARY else reply.message


def _outcome(delivery: Delivery, error: SendError) -> AttemptOutcome:
    if error.is_ambiguous and not delivery.is_keyed:
        return AttemptOutcome.UNKNOWN
    is_over = error.permanent or delivery.attempts >= MOST_ATTEMPTS
    return AttemptOutcome.PERMANENT if is_over else AttemptOutcome.TEMPORARY


def pause(attempts: int, retry_after: float | None) -> timedelta:
    """How long to wait after so many attempts; at least as long as the provider says."""
    own = _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return timedelta(seconds=min(max(own, retry_after or 0), _LONGEST_PAUSE))


def _still_ours(claimed: Claimed) -> Reply | None:
    """The reply, locked, unless its request was begun anew meanwhile."""
    mine = claimed.delivery
    reply = locked_reply(mine.message_id)
    delivery = reply.delivery(mine.pk)
    is_ours = (delivery.attempts, delivery.key) == (mine.attempts, mine.key)
    return reply if is_ours else None


def _log(
    delivery: Delivery,
    outcome: AttemptOutcome,
    *,
    took: int,
    error: SendError | None = None,
) -> None:
    DeliveryAttempt.objects.create(
        delivery=delivery,
        at=timezone.now(),
        duration_ms=took,
        outcome=outcome,
        status=error.status if error else None,
        code=error.code if error else "",
        detail=error.detail[:300] if error else "",
    )


def next_in_line(pk: int) -> Message | None:
    """The reply that had to wait for this one."""
    done = Message.objects.filter(pk=pk).exclude(state__in=UNSENT).first()
    if done is None or done.inbox_id is None:
        return None
    return (
        Message.objects.filter(
            conversation_id=done.conversation_id,
            inbox_id=done.inbox_id,
            direction=Direction.OUTBOUND,
            state=DeliveryState.QUEUED,
            pk__gt=pk,
        )
        .order_by("pk")
        .first()
    )
