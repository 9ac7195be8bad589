"""The inquiry that an open conversation shows."""

from django.db.models import Q

from conversations.choices import OPEN_STATUSES
from conversations.models import Conversation, Inquiry


def current_or_last(conversation: Conversation) -> Inquiry | None:
    """The open inquiry; without one the last that was worked on."""
    rows = Inquiry.objects.filter(conversation=conversation).select_related(
        "owner__user", "reason__parent__parent", "queue"
    )
    rows = rows.annotate(is_worked_on=Q(status__in=OPEN_STATUSES))
    return rows.order_by("-is_worked_on", "-last_activity_at", "-pk").first()
