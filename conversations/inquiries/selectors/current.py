"""The inquiry that an open conversation shows."""

from conversations.models import Conversation, Inquiry


def current_or_last(conversation: Conversation) -> Inquiry | None:
    """The open inquiry; without one the last that was worked on."""
    rows = Inquiry.objects.filter(conversation=conversation).select_related(
        "owner__user", "reason__parent__parent", "queue"
    )
    return rows.open().first() or rows.order_by("-last_activity_at", "-pk").first()
