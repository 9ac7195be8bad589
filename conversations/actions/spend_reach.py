"""What a reply uses up: the free reply, once."""

from datetime import datetime

from conversations.adapters.base import Outbound
from conversations.models import Message, Reach


def spend(message: Message, outbound: Outbound, *, now: datetime) -> None:
    """The free reply is gone as soon as we try with it: it works once."""
    if outbound.reply_token:
        Reach.objects.filter(
            inbox=message.inbox_id,
            identity=message.identity_id,
            reply_token=outbound.reply_token,
        ).update(reply_token="", reply_until=now)
