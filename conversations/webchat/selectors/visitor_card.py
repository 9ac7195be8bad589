"""What an agent sees of the person behind a web chat."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from agentdesk.prepared import prepared
from conversations.models import Conversation, Visitor


@dataclass(frozen=True)
class VisitorCard:
    """`stated` is what the visitor says of themselves: shown as such, never trusted."""

    page_url: str
    page_title: str
    last_seen_at: datetime
    is_vouched: bool  # signed in at the shop, which has signed it
    stated: list[str]

    @property
    def page(self) -> str:
        return self.page_title or self.page_url


def visitors_of(conversation: Conversation) -> list[Visitor]:
    """The browsers that write here, the one seen last first."""
    return visitors_seen(conversation.customer_id, conversation.pk)


@prepared
def visitors_seen(customer_id: int, conversation_id: int) -> QuerySet[Visitor]:
    writes_here = Q(customer=customer_id) | Q(earlier=conversation_id)
    return Visitor.objects.filter(writes_here).order_by("-last_seen_at", "-pk")


def visitor_card(
    conversation: Conversation, visitors: list[Visitor] | None = None
) -> VisitorCard | None:
    """The browser the customer was last seen in; None without a web chat."""
    visitors = visitors_of(conversation) if visitors is None else visitors
    visitor = visitors[0] if visitors else None
    if visitor is None:
        return None
    texts = (visitor.stated.get(name) for name in ("name", "email", "phone", "subject"))
    return VisitorCard(
        page_url=visitor.page_url,
        page_title=visitor.page_title,
        last_seen_at=visitor.last_seen_at,
        is_vouched=bool(visitor.claims) and visitor.earlier_id != conversation.pk,
        stated=[words for words in texts if words],
    )
