"""What the visitor states, and where it is shown."""

from conversations.models import Conversation
from customers.models import Claim

STATED = "hanako@example.jp"


def thread_of(claim: Claim) -> Conversation:
    return Conversation.objects.get(customer=claim.customer)
