"""Where the conversation of a customer goes on who was joined with another one."""

from django.db.models import Exists

from conversations.models import Conversation, Joining
from customers.models import Identity


def continued_in(conversation: Conversation) -> Conversation | None:
    """None while any address of the customer still writes here."""
    own = Identity.objects.filter(customer=conversation.customer_id)
    joining = (
        Joining.objects.filter(earlier=conversation, undone_at__isnull=True)
        .exclude(Exists(own))
        .select_related("later__customer")
        .first()
    )
    return joining.later if joining else None
