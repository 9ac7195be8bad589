"""Sending a reply: claim it, ask the provider outside any transaction, settle it.

A reply is one or more requests (deliveries), made one after the other. Whatever stops
the worker in between leaves rows that say how far it came.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from conversations.actions.note_sign_in import note_accepted, note_refused
from conversations.actions.plan_delivery import UNSENT, planned, refuse
from conversations.actions.receive_update import settle_message
from conversations.actions.renew_secrets import connected
from conversations.actions.spend_reach import close_for, spend
from conversations.actions.use_quota import note_used, note_used_up
from conversations.adapters.base import Adapter, Outbound, Part, Sent
from conversations.adapters.failures import SendError
from conversations.choices import (
    AttemptOutcome,
    DeliveryState,
    Direction,
    FailureCode,
)
from conversations.models import Delivery, DeliveryAttempt, Inbox, Message
from conversations.selectors.claim_code import digits_for, filled_in
from conversations.selectors.outbound import outbound_of

MOST_ATTEMPTS = 8
_PAUSES = (1, 3, 10, 30, 60, 120, 300)  # seconds
_LONGEST_PAUSE = 15 * 60


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
        sent, error = _ask(claimed)
        took = int((time.monotonic() - began) * 1000)
        if sent is not None:
            _accept(claimed, sent, took=took)
        elif error is not None:
            return _fail(claimed, error, took=took)
    return next_in_line(pk)


def _ask(claimed: Claimed) -> tuple[Sent | None, SendError | None]:
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
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("inbox__account", "inbox__connection", "identity", "account")
        .filter(pk=pk, direction=Direction.OUTBOUND, state__in=UNSENT)
        .first()
    )
    if message is None or message.inbox is None:
        return None
    inbox = message.inbox
    if _is_overtaking(message, inbox):
        return None
    adapter = connected(inbox)
    try:
        outbound = outbound_of(message)
        deliveries = planned(message, inbox, adapter, outbound)
    except SendError as error:
        refuse(message, inbox, error)
        return None
    waiting = [one for one in deliveries if one.state in UNSENT]
    now = timezone.now()
    if not waiting or waiting[0].state == DeliveryState.SENDING:
        return None
    delivery = waiting[0]
    if delivery.next_attempt_at is not None and delivery.next_attempt_at > now:
        return None
    delivery.state = DeliveryState.SENDING
    delivery.claimed_at = now
    delivery.attempts += 1
    delivery.save(update_fields=["state", "claimed_at", "attempts"])
    if delivery.number == 0 and delivery.attempts == 1:
        spend(message, outbound, now=now)
    if message.state != DeliveryState.SENDING:
        message.state = DeliveryState.SENDING
        message.save(update_fields=["state"])
    return Claimed(delivery, adapter, outbound, digits_for(message))


def _is_overtaking(message: Message, inbox: Inbox) -> bool:
    """Replies of one conversation on one inbox leave in the order they were written."""
    return Message.objects.filter(
        conversation_id=message.conversation_id,
        inbox=inbox,
        direction=Direction.OUTBOUND,
        state__in=UNSENT,
        pk__lt=message.pk,
    ).exists()


@transaction.atomic
def _accept(claimed: Claimed, sent: Sent, *, took: int) -> None:
    delivery = _still_ours(claimed)
    if delivery is None:
        return
    now = timezone.now()
    state = DeliveryState.DELIVERED if sent.is_delivered else DeliveryState.SENT
    delivery.state = state
    delivery.provider_message_ids = list(sent.message_ids)
    delivery.payload, delivery.settled_at = {"sent": True}, now
    delivery.failure = delivery.failure_detail = ""
    delivery.save()
    _log(delivery, AttemptOutcome.ACCEPTED, took=took)
    message = delivery.message
    note_accepted(delivery.inbox_id)
    note_used(delivery.inbox_id, sent.metered)
    if sent.facts:
        message.data = {**message.data, **sent.facts}
    if _is_last(delivery):
        settle_message(message, at=now)
    elif sent.facts:
        message.save(update_fields=["data"])


def _is_last(delivery: Delivery) -> bool:
    rest = Delivery.objects.filter(message=delivery.message_id, state__in=UNSENT)
    return not rest.exists()


@transaction.atomic
def _fail(claimed: Claimed, error: SendError, *, took: int) -> Message | None:
    delivery = _still_ours(claimed)
    if delivery is None:
        return None
    now = timezone.now()
    is_unknown = error.is_ambiguous and not delivery.is_keyed
    is_over = error.permanent or delivery.attempts >= MOST_ATTEMPTS
    delivery.failure = error.code
    delivery.failure_detail = error.detail[:300]
    delivery.settled_at = now
    if is_unknown:
        delivery.state, outcome = DeliveryState.UNKNOWN, AttemptOutcome.UNKNOWN
    elif is_over:
        delivery.state, outcome = DeliveryState.FAILED, AttemptOutcome.PERMANENT
    else:
        delivery.state, outcome = DeliveryState.QUEUED, AttemptOutcome.TEMPORARY
        delivery.next_attempt_at = now + pause(delivery.attempts, error.retry_after)
        delivery.settled_at = None
    delivery.save()
    _log(delivery, outcome, took=took, error=error)
    if outcome == AttemptOutcome.PERMANENT:
        close_for(delivery.message, error.code, at=now)
    if error.code == FailureCode.QUOTA:
        note_used_up(delivery.inbox_id)
    note_refused(delivery.inbox_id, error)
    settle_message(delivery.message, at=now)
    return None if outcome == AttemptOutcome.TEMPORARY else delivery.message


def pause(attempts: int, retry_after: float | None) -> timedelta:
    """How long to wait after so many attempts; at least as long as the provider says."""
    own = _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return timedelta(seconds=min(max(own, retry_after or 0), _LONGEST_PAUSE))


def _still_ours(claimed: Claimed) -> Delivery | None:
    """The delivery, locked, unless a sweep took it for lost meanwhile."""
    mine = claimed.delivery
    lock = Message.objects.select_for_update(of=("self",), no_key=True)
    message = lock.select_related("conversation").get(pk=mine.message_id)
    delivery = Delivery.objects.select_for_update(no_key=True).get(pk=mine.pk)
    delivery.message = message
    if delivery.attempts != mine.attempts or delivery.state not in {
        DeliveryState.SENDING,
        DeliveryState.UNKNOWN,
    }:
        return None
    return delivery


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
