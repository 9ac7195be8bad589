"""Earlier inquiries of a customer, and how often they got in touch."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agentdesk.accounts.access import Access
from agentdesk.web.keyset import Page, page
from conversations.models import Inquiry
from conversations.selectors.inquiry_list import CLOSED_ORDER
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
        .filter(conversation__customer=customer)
        .select_related("owner__user", "reason")
    )
    since = timezone.now() - timedelta(days=CONTACT_DAYS)
    return History(
        page=page(rows, CLOSED_ORDER, cursor=cursor, size=PAGE_SIZE),
        recent_contacts=rows.filter(opened_at__gte=since).order_by().count(),
    )
