"""What is open and what is closed on the way back to a customer."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from agentdesk.prepared import prepared
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
    return next(iter(_last_inbound(conversation.pk)), None)


@prepared
def _last_inbound(conversation_id: int) -> QuerySet[Message]:
    rows = Message.objects.filter(
        conversation=conversation_id,
        kind=MessageKind.TEXT,
        direction=Direction.INBOUND,
        inbox__isnull=False,
    )
    return rows.order_by("-occurred_at", "-pk")[:1]


def reaches_of(
    identities: Sequence[Identity], claims: Sequence[Claim]
) -> tuple[dict[tuple[int, int], Reach], ClaimReaches]:
    """What inboxes know of these addresses, and of stated ones, whoever has them.

    Nobody is written to by way of another's word who asked for no more messages.
    """
    pks = {one.pk for one in identities}
    rows = (
        _reaches_of_claims(
            sorted(pks),
            claims[0].account_id,
            sorted({one.kind for one in claims}),
            sorted({one.value for one in claims}),
        )
        if claims
        else reaches_known(sorted(pks))
    )
    theirs = {
        (row.inbox_id, row.identity_id): row for row in rows if row.identity_id in pks
    }
    stated: ClaimReaches = {
        (row.inbox_id, row.identity.kind, row.identity.value): row
        for row in rows
        if claims and not row.identity.scope
    }
    return theirs, stated


@prepared
def reaches_known(identity_ids: list[int]) -> QuerySet[Reach]:
    return Reach.objects.filter(identity__in=identity_ids)


@prepared
def _reaches_of_claims(
    identity_ids: list[int], account_id: int, kinds: list[str], values: list[str]
) -> QuerySet[Reach]:
    stated = Q(
        identity__account=account_id,
        identity__scope="",
        identity__kind__in=kinds,
        identity__value__in=values,
    )
    rows = Reach.objects.filter(Q(identity__in=identity_ids) | stated)
    return rows.select_related("identity")


def reachable_identities(conversation: Conversation) -> list[Identity]:
    """The customer's, and those that wrote here before they were known as another's."""
    return identities_reached(conversation.customer_id, conversation.pk)


@prepared
def identities_reached(customer_id: int, conversation_id: int) -> QuerySet[Identity]:
    theirs = Identity.objects.filter(customer=customer_id)
    gone_over = Identity.objects.filter(
        joinings__earlier=conversation_id, joinings__undone_at__isnull=True
    )
    return theirs.union(gone_over)
