"""Earlier inquiries of a customer, and how often they got in touch."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agentdesk.accounts.access import Access
from agentdesk.web.keyset import Page, page
from conversations.inquiries.selectors.inquiry_list import CLOSED_ORDER
from conversations.models import Conversation, Inquiry, Joining, Visitor
from customers.models import Customer

CONTACT_DAYS = 90
PAGE_SIZE = 8


@dataclass(frozen=True)
class History:
    page: Page[Inquiry]
    recent_contacts: int  # inquiries opened within CONTACT_DAYS


def history(access: Access, customer: Customer, *, cursor: str = "") -> History:
    """Raises InvalidCursorError."""
    rows = (
        Inquiry.objects.visible_to(access)
        .filter(conversation__in=_threads_of(customer))
        .select_related("conversation", "owner__user", "reason")
    )
    since = timezone.now() - timedelta(days=CONTACT_DAYS)
    return History(
        page=page(rows, CLOSED_ORDER, cursor=cursor, size=PAGE_SIZE),
        recent_contacts=rows.filter(opened_at__gte=since).order_by().count(),
    )


def _threads_of(customer: Customer) -> "QuerySet[Any, Any]":
    """Keys of the conversation they have, and of those they had as somebody unknown."""
    own = Conversation.objects.filter(customer=customer).values("pk")
    joined = Joining.objects.filter(later__customer=customer, undone_at__isnull=True)
    chatted = Visitor.objects.filter(customer=customer, earlier__isnull=False)
    return own.union(joined.values("earlier"), chatted.values("earlier"))
