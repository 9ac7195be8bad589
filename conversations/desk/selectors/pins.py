"""What stands at the head of a thread."""

from collections.abc import Sequence

from conversations.models import Conversation, Pin


def pins_of(conversation: Conversation) -> Sequence[Pin]:
    """In the order they were pinned; no query where the conversation has none."""
    if not conversation.pin_count:
        return ()
    rows = conversation.pins.select_related("message__author__user", "by__user")
    return list(rows.order_by("at", "pk"))
