"""What an agent sees of the person behind a web chat."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

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


def visitor_card(conversation: Conversation) -> VisitorCard | None:
    """The browser the customer was last seen in; None without a web chat."""
    writes_here = Q(customer=conversation.customer_id) | Q(earlier=conversation.pk)
    visitor = Visitor.objects.filter(writes_here).order_by("-last_seen_at").first()
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
