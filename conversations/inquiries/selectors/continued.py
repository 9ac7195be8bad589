"""Where the conversation of a customer goes on who was joined with another one."""

from django.db.models import Exists, QuerySet

from agentdesk.prepared import prepared
from conversations.models import Conversation, Joining
from customers.models import Identity


def continued_in(conversation: Conversation) -> Conversation | None:
    """None while any address of the customer still writes here."""
    joinings = _joinings(conversation.pk, conversation.customer_id)
    return joinings[0].later if joinings else None


@prepared
def _joinings(conversation_id: int, customer_id: int) -> QuerySet[Joining]:
    rows = Joining.objects.filter(earlier=conversation_id, undone_at__isnull=True)
    own = Identity.objects.filter(customer=customer_id)
    rows = rows.exclude(Exists(own)).select_related("later__customer")
    return rows.order_by("pk")[:1]
