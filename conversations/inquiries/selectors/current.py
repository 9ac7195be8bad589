"""The inquiry that an open conversation shows."""

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from agentdesk.prepared import prepared
from conversations.choices import OPEN_STATUSES
from conversations.models import Conversation, Inquiry


def current_or_last(conversation: Conversation) -> Inquiry | None:
    """The open inquiry; without one the last that was worked on."""
    return next(iter(current_inquiries(conversation.pk)), None)


@prepared
def current_inquiries(conversation_id: int) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.filter(conversation=conversation_id).select_related(
        "owner__user", "reason__parent__parent", "queue"
    )
    is_open = ExpressionWrapper(Q(status__in=OPEN_STATUSES), BooleanField())
    return rows.order_by(is_open.desc(), "-last_activity_at", "-pk")[:1]
