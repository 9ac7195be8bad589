"""The conversations of an inbox that is being tested: nobody else ever lists them."""

from collections.abc import Sequence

from conversations.models import Conversation, Inbox

_SHOWN = 10


def sandbox_conversations(inbox: Inbox) -> list[Conversation]:
    """The newest of those who have written while it was tested."""
    return list(
        Conversation.objects.filter(
            account=inbox.account_id,
            customer__is_test=True,
            customer__identities__scope=f"test:{inbox.key}",
        )
        .select_related("customer")
        .order_by("-last_message_at", "-pk")
        .distinct()[:_SHOWN]
    )


def seen_of(inbox: Inbox, tests: Sequence[Conversation]) -> str:
    """Tells one look at the sandbox from the next."""
    newest = tests[0].last_message_at if tests else None
    return f"{inbox.state}-{newest.isoformat() if newest else ''}"
