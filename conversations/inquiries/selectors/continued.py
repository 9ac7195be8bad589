"""Where the conversation of a customer goes on who was joined with another one."""

from collections.abc import Sequence

from django.db.models import Exists, QuerySet

from agentdesk.prepared import prepared
from conversations.models import Conversation, Joining
from customers.models import Identity


def continued_in(
    conversation: Conversation, identities: Sequence[Identity] | None = None
) -> Conversation | None:
    """None while any address of the customer still writes here.

    `identities` are those that can be written to from it, where they are read already:
    the customer's own, and those that have gone over to another.
    """
    if identities is not None:
        theirs = {one.customer_id == conversation.customer_id for one in identities}
        if theirs != {False}:
            return None
    joinings = _joinings(conversation.pk, conversation.customer_id)
    return joinings[0].later if joinings else None


@prepared
def _joinings(conversation_id: int, customer_id: int) -> QuerySet[Joining]:
    rows = Joining.objects.filter(earlier=conversation_id, undone_at__isnull=True)
    own = Identity.objects.filter(customer=customer_id)
    rows = rows.exclude(Exists(own)).select_related("later__customer")
    return rows.order_by("pk")[:1]
