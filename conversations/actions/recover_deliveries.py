"""Replies that a broker or a worker left behind."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.actions.each import act_on_each, resting_items
from conversations.actions.plan_delivery import UNSENT, refuse
from conversations.actions.receive_update import settle_message
from conversations.adapters.failures import SendError
from conversations.choices import DeliveryState, FailureCode
from conversations.models import Delivery, Message

# A queued reply this old, and not waiting for its next attempt, was lost by the broker.
LEFT_BEHIND = timedelta(seconds=5)
_RECOVERING = "claims of dead workers"


def replies_left_behind(now: datetime, *, limit: int = 500) -> list[int]:
    """Queued replies that are due: lost by the broker, or to be tried again."""
    waits = Q(deliveries__next_attempt_at__gt=now, deliveries__state="queued")
    rows = Message.objects.filter(
        state=DeliveryState.QUEUED, created_at__lt=now - LEFT_BEHIND
    ).exclude(pk__in=Message.objects.filter(waits, state=DeliveryState.QUEUED))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def recover_claims(now: datetime, *, limit: int = 200) -> list[int]:
    """Requests a dead worker left: again where the provider takes our key, else unknown."""
    stale = _stale(now).exclude(pk__in=resting_items(_RECOVERING, now))
    ids = list(stale.order_by("pk").values_list("pk", flat=True)[:limit])
    again: list[int] = []
    act_on_each(_RECOVERING, ids, lambda pk: again.extend(_recover_claim(pk, now)))
    return again


def _stale(now: datetime) -> QuerySet[Delivery]:
    claim = timedelta(seconds=settings.DELIVERY_CLAIM_SECONDS)
    return Delivery.objects.filter(
        state=DeliveryState.SENDING, claimed_at__lt=now - claim
    )


@transaction.atomic
def _recover_claim(pk: int, now: datetime) -> list[int]:
    """The message to be sent again, if it is."""
    delivery = (
        _stale(now)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("message__conversation")
        .filter(pk=pk)
        .first()
    )
    if delivery is None:
        return []
    if delivery.is_keyed:
        delivery.state, delivery.next_attempt_at = DeliveryState.QUEUED, None
    else:
        delivery.state, delivery.failure = DeliveryState.UNKNOWN, FailureCode.TIMEOUT
        delivery.settled_at = now
    delivery.save()
    settle_message(delivery.message, at=now)
    return [delivery.message_id] if delivery.is_keyed else []


@transaction.atomic
def abandon(pk: int, reason: str) -> None:
    """What made the sending itself fail: whether it was taken, nobody knows."""
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inbox", "conversation")
        .filter(pk=pk, state__in=UNSENT)
        .first()
    )
    if message is None or message.inbox is None:
        return
    begun = message.deliveries.filter(state=DeliveryState.SENDING)
    is_begun = begun.update(
        state=DeliveryState.UNKNOWN,
        failure=FailureCode.GIVEN_UP,
        failure_detail=reason[:300],
        settled_at=timezone.now(),
    )
    if is_begun:
        settle_message(message, at=timezone.now())
    else:
        error = SendError(FailureCode.GIVEN_UP, reason, permanent=True)
        refuse(message, message.inbox, error)
