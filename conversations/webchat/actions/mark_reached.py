"""Delivered and read marks of what the visitor's screen has reached."""

from django.db import transaction
from django.utils import timezone

from conversations.choices import DeliveryState, Direction
from conversations.live import events
from conversations.models import Visitor
from conversations.webchat.selectors.webchat import visible_messages

_AT_ONCE = 200


@transaction.atomic
def mark_reached(visitor: Visitor, *, upto: int, is_read: bool) -> int:
    """The visitor's screen has our messages up to `upto`, seen or in the background."""
    waiting = [DeliveryState.SENT] + ([DeliveryState.DELIVERED] if is_read else [])
    rows = (
        visible_messages(visitor)
        .filter(direction=Direction.OUTBOUND, state__in=waiting, pk__lte=upto)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)[:_AT_ONCE]
    )
    now = timezone.now()
    reached = list(rows)
    for message in reached:
        message.state = DeliveryState.READ if is_read else DeliveryState.DELIVERED
        message.delivered_at = message.delivered_at or now
        message.read_at = now if is_read else None
        message.save(update_fields=["state", "delivered_at", "read_at"])
        events.message_changed(message)
    return len(reached)
