"""What came last in a conversation, and whether something came since."""

from conversations.choices import Direction
from conversations.models import Conversation, Message


def newest_pk(conversation: Conversation) -> int:
    """The number of the message that came last, whatever its time; 0 without any."""
    newest = Message.objects.filter(conversation=conversation).order_by("-pk")
    return newest.values_list("pk", flat=True).first() or 0


def has_inbound_since(conversation: Conversation, pk: int) -> bool:
    """Whether the customer has written since the message `pk`."""
    return conversation.messages.filter(direction=Direction.INBOUND, pk__gt=pk).exists()
