"""The requests that a reply takes, as rows."""

from django.utils import timezone

from conversations.adapters.base import Adapter, Outbound, Part
from conversations.adapters.failures import SendError
from conversations.choices import DeliveryState
from conversations.models import Delivery, Inbox, Message
from conversations.outbound.settle import UNSENT, locked_reply, settle


def planned(
    message: Message, inbox: Inbox, adapter: Adapter, outbound: Outbound
) -> list[Delivery]:
    """The requests of the reply as rows; one that is tried anew is planned anew."""
    stored = list(message.deliveries.order_by("number"))
    if stored and all(one.payload for one in stored if one.state in UNSENT):
        return stored
    parts = adapter.plan(outbound)
    for one in stored:
        if one.state == DeliveryState.QUEUED and one.number < len(parts):
            _plan_again(one, parts[one.number])
    if stored:
        return stored
    return Delivery.objects.bulk_create(
        Delivery(
            account_id=message.account_id,
            message=message,
            inbox=inbox,
            number=number,
            payload=dict(part.payload),
            is_keyed=part.is_keyed,
            file=part.file,
        )
        for number, part in enumerate(parts)
    )


def _plan_again(one: Delivery, part: Part) -> None:
    one.payload, one.is_keyed, one.file = dict(part.payload), part.is_keyed, part.file
    one.save(update_fields=["payload", "is_keyed", "file"])


def refuse(message: Message, inbox: Inbox, error: SendError) -> None:
    """Refused before any request was made."""
    number = message.deliveries.count()
    Delivery.objects.create(
        account_id=message.account_id,
        message=message,
        inbox=inbox,
        number=number,
        state=DeliveryState.FAILED,
        failure=error.code,
        failure_detail=error.detail[:300],
        settled_at=timezone.now(),
    )
    settle(locked_reply(message.pk), at=timezone.now())
