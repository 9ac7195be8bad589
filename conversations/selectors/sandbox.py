"""The conversations of an inbox that is being tested: nobody else ever lists them."""

from conversations.models import Conversation, Inbox

_SHOWN = 10


def sandbox_conversations(inbox: Inbox) -> list[Conversation]:
    """The newest of those who have written while it was tested."""
    return list(
        Conversation.objects.filter(
            account=inbox.account_id,
            customer__is_test=True,
            customer__identities__reaches__inbox=inbox,
        )
        .select_related("customer")
        .order_by("-last_message_at", "-pk")
        .distinct()[:_SHOWN]
    )
