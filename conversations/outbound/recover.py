"""Replies that a broker or a worker left behind."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from conversations.adapters.failures import SendError
from conversations.choices import DeliveryState, FailureCode
from conversations.models import Delivery, Message
from conversations.outbound.plan_delivery import refuse
from conversations.outbound.settle import UNSENT, locked_replies, settle
from conversations.sweeps.each import act_on_each, resting_items

# An unsent reply this old, and not waiting for its next attempt, was lost by the broker.
LEFT_BEHIND = timedelta(seconds=5)
_RECOVERING = "claims of dead workers"


def replies_left_behind(now: datetime, *, limit: int = 500) -> list[int]:
    """Unsent replies that are due: lost by the broker or in the middle, or to be tried again.

    Of several that wait for each other, the first.
    """
    own = Delivery.objects.filter(message=OuterRef("pk"))
    under_way = own.filter(
        Q(state=DeliveryState.SENDING)
        | Q(state=DeliveryState.QUEUED, next_attempt_at__gt=now)
    )
    earlier = Message.objects.filter(
        conversation=OuterRef("conversation"),
        inbox=OuterRef("inbox"),
        state__in=UNSENT,
        pk__lt=OuterRef("pk"),
    )
    rows = Message.objects.exclude(held_until__gt=now).filter(
        ~Exists(under_way),
        ~Exists(earlier),
        state__in=UNSENT,
        created_at__lt=now - LEFT_BEHIND,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def recover_claims(now: datetime, *, limit: int = 200) -> list[int]:
    """Requests a dead worker left: again where the provider takes our key, else unknown."""
    before = now - timedelta(seconds=settings.DELIVERY_CLAIM_SECONDS)
    stale = Delivery.objects.filter(
        state=DeliveryState.SENDING, claimed_at__lt=before
    ).exclude(message__in=resting_items(_RECOVERING, now))
    found = stale.order_by("message").values_list("message", flat=True)
    again = []

    def recover(pk: int) -> None:
        if _recover_claim(pk, before=before, now=now):
            again.append(pk)

    act_on_each(_RECOVERING, list(found.distinct()[:limit]), recover)
    return again


@transaction.atomic
def _recover_claim(pk: int, *, before: datetime, now: datetime) -> bool:
    """Whether its request is to be made again."""
    is_again = False
    for reply in locked_replies([pk], skip_locked=True):
        for delivery in reply.deliveries:
            claimed_at = delivery.claimed_at
            if delivery.state != DeliveryState.SENDING or claimed_at is None:
                continue
            if claimed_at < before:
                is_again = _let_go(delivery, now=now) or is_again
        settle(reply, at=now)
    return is_again


def _let_go(delivery: Delivery, *, now: datetime) -> bool:
    if delivery.is_keyed:
        delivery.state, delivery.next_attempt_at = DeliveryState.QUEUED, None
    else:
        delivery.state = DeliveryState.UNKNOWN
        delivery.failure, delivery.settled_at = FailureCode.TIMEOUT, now
    delivery.save(update_fields=["state", "next_attempt_at", "failure", "settled_at"])
    return delivery.is_keyed


@transaction.atomic
def abandon(pk: int, reason: str) -> None:
    """What made the sending itself fail: whether it was taken, nobody knows."""
    for reply in locked_replies([pk]):
        message = reply.message
        if message.state not in UNSENT or message.inbox is None:
            continue
        begun = [one for one in reply.deliveries if one.state == DeliveryState.SENDING]
        for delivery in begun:
            delivery.state = DeliveryState.UNKNOWN
            delivery.failure = FailureCode.GIVEN_UP
            delivery.failure_detail = reason[:300]
            delivery.settled_at = timezone.now()
            delivery.save()
        if begun:
            settle(reply, at=timezone.now())
        else:
            error = SendError(FailureCode.GIVEN_UP, reason, permanent=True)
            refuse(message, message.inbox, error)
