"""Showing customers that their messages were read, where their channel can."""

from django.db import transaction

from conversations.adapters.events import Address, Person
from conversations.adapters.failures import NotOfferedError, SendError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Direction
from conversations.connections.reach import reach_of
from conversations.connections.renew_secrets import connected
from conversations.models import Message, Reach
from conversations.sweeps.each import act_on_each

_SENDING = "messages read"
_FACT = "told_read"  # the newest message of theirs that they know we have read


def send_read_receipt(conversation_pk: int) -> int:
    """Tell it of the newest message read, on each inbox; how many were told.

    One that fails is told with the next message that is read.
    """
    channels = [
        channel for channel, one in ADAPTERS.items() if one.capabilities.marks_read
    ]
    newest = (
        Message.objects.filter(
            conversation=conversation_pk,
            direction=Direction.INBOUND,
            channel__in=channels,
            inbox__isnull=False,
            identity__isnull=False,
            read_at__isnull=False,
        )
        .select_related("inbox__connection", "identity")
        .order_by("inbox_id", "identity_id", "-occurred_at", "-pk")
        .distinct("inbox_id", "identity_id")
    )
    sent: list[bool] = []
    messages = {message.pk: message for message in newest}
    act_on_each(_SENDING, messages, lambda pk: sent.append(_send(messages[pk])))
    return sum(sent)


def _send(message: Message) -> bool:
    inbox, identity = message.inbox, message.identity
    if inbox is None or identity is None or not inbox.is_active:
        return False
    known = Reach.objects.filter(inbox=inbox, identity=identity).first()
    if known is not None and known.facts.get(_FACT, 0) >= message.pk:
        return False
    person = Person(Address(identity.kind, identity.value, identity.scope))
    try:
        connected(inbox).mark_read(person, message.data)
    except (SendError, NotOfferedError):
        return False
    with transaction.atomic():
        reach = reach_of(inbox, identity)
        reach.facts = {**reach.facts, _FACT: message.pk}
        reach.save(update_fields=["facts"])
    return True
