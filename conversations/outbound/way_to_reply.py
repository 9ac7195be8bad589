"""What is open and what is closed on the way back to a customer."""

from collections.abc import Sequence

from conversations.adapters.registry import is_offered
from conversations.choices import ClosedReason, Direction, MessageKind
from conversations.models import Conversation, Inbox, Message, Reach
from customers.models import Claim, Identity

ClaimReaches = dict[tuple[int, str, str], Reach]  # by inbox, kind and value


def closed_reason(inbox: Inbox, reach: Reach | None) -> str:
    if not is_offered(inbox.channel) or (not inbox.is_active and inbox.state != "test"):
        return ClosedReason.STOPPED
    if reach is not None and reach.closed_reason:
        return reach.closed_reason
    connection = getattr(inbox, "connection", None)
    has_free_reply = reach is not None and reach.has_free_reply
    if connection is not None and connection.is_quota_used_up and not has_free_reply:
        return ClosedReason.QUOTA
    return ""


def allows_human(inbox: Inbox) -> bool:
    connection = getattr(inbox, "connection", None)
    return connection is not None and bool(connection.settings.get("human_agent"))


def last_inbound_message(conversation: Conversation) -> Message | None:
    return (
        Message.objects.filter(
            conversation=conversation,
            kind=MessageKind.TEXT,
            direction=Direction.INBOUND,
            inbox__isnull=False,
        )
        .order_by("-occurred_at", "-pk")
        .first()
    )


def reaches_of_claims(claims: Sequence[Claim]) -> ClaimReaches:
    """What inboxes know of stated addresses, whoever has them.

    Nobody is written to by way of another's word who asked for no more messages.
    """
    if not claims:
        return {}
    rows = Reach.objects.filter(
        identity__account=claims[0].account_id,
        identity__scope="",
        identity__kind__in={one.kind for one in claims},
        identity__value__in={one.value for one in claims},
    ).select_related("identity")
    return {(row.inbox_id, row.identity.kind, row.identity.value): row for row in rows}


def reachable_identities(conversation: Conversation) -> list[Identity]:
    """The customer's, and those that wrote here before they were known as another's."""
    theirs = Identity.objects.filter(customer=conversation.customer_id)
    gone_over = Identity.objects.filter(
        joinings__earlier=conversation, joinings__undone_at__isnull=True
    )
    return list(theirs.union(gone_over))
