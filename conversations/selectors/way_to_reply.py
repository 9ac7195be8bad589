"""What is open and what is closed on the way back to a customer."""

from conversations.adapters.registry import is_offered
from conversations.choices import ClosedReason, Direction, MessageKind
from conversations.models import Conversation, Inbox, Message, Reach


def closed_reason(inbox: Inbox, reach: Reach | None) -> str:
    if not is_offered(inbox.channel) or (not inbox.is_active and inbox.state != "test"):
        return ClosedReason.STOPPED
    if reach is not None and reach.closed_reason:
        return reach.closed_reason
    connection = getattr(inbox, "connection", None)
    has_free_reply = reach is not None and reach.has_free_reply
    if connection is not None and connection.is_quota_used_up and not has_free_reply:
        return ClosedReason.QUOTA
    return ""


def allows_human(inbox: Inbox) -> bool:
    connection = getattr(inbox, "connection", None)
    return connection is not None and bool(connection.settings.get("human_agent"))


def last_heard(conversation: Conversation) -> Message | None:
    return (
        Message.objects.filter(
            conversation=conversation,
            kind=MessageKind.TEXT,
            direction=Direction.INBOUND,
            inbox__isnull=False,
        )
        .order_by("-occurred_at", "-pk")
        .first()
    )
