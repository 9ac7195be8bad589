"""What a reply uses up, and what its failure tells of the way to the customer."""

from datetime import datetime

from conversations.adapters.base import Outbound
from conversations.choices import ClosedReason, FailureCode
from conversations.live import events
from conversations.models import Message, Reach

# Failures that every further reply to this address would meet as well.
CLOSING: dict[str, ClosedReason] = {
    FailureCode.BLOCKED: ClosedReason.UNFOLLOWED,
    FailureCode.OPTED_OUT: ClosedReason.OPTED_OUT,
    FailureCode.RECIPIENT: ClosedReason.UNREACHABLE,
}


def consume_reply_token(message: Message, outbound: Outbound, *, now: datetime) -> None:
    """The free reply is gone as soon as we try with it: it works once."""
    if outbound.reply_token:
        Reach.objects.filter(
            inbox=message.inbox_id,
            identity=message.identity_id,
            reply_token=outbound.reply_token,
        ).update(reply_token="", reply_until=now)


def close_for(message: Message, code: str, *, at: datetime) -> None:
    """The address is closed on this inbox where the failure says so: until they write."""
    reason = CLOSING.get(code)
    if reason is None or message.identity_id is None or message.inbox_id is None:
        return
    reach, _is_new = Reach.objects.select_for_update(no_key=True).get_or_create(
        inbox_id=message.inbox_id,
        identity_id=message.identity_id,
        defaults={"account_id": message.account_id},
    )
    if reach.last_heard_at is not None and reach.last_heard_at > at:
        return
    reach.closed_reason, reach.closed_at = reason, at
    reach.save(update_fields=["closed_reason", "closed_at"])
    events.compose_changed(message.conversation)
