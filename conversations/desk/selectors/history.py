"""Earlier inquiries of a customer, and how often they got in touch."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Now

from agentdesk.accounts.access import Access, stand_in
from agentdesk.accounts.roles import Permission, Role
from agentdesk.prepared import Call, prepared
from agentdesk.web.keyset import Page, as_page, page, rows_of_page
from conversations.inquiries.selectors.inquiry_list import CLOSED_ORDER
from conversations.models import Conversation, Inquiry, Joining, Visitor
from conversations.models.partly_live import hidden_inquiries
from customers.models import Customer

CONTACT_DAYS = 90
PAGE_SIZE = 8
_COLUMNS = (
    "channel",
    "last_activity_at",
    "opened_at",
    "owner__user__email",
    "owner__user__family_name",
    "owner__user__given_name",
    "reason__name",
    "reference",
    "status",
    "subject",
)


@dataclass(frozen=True)
class History:
    page: Page[Inquiry]
    recent_contacts: int  # inquiries opened within CONTACT_DAYS


def history(access: Access, customer: Customer) -> History:
    """The newest page, and the count that stands beside it."""
    if hidden_inquiries(access) is None:
        parameters = _parameters(access, customer)
        newest, recent = _newest(*parameters), _recent(*parameters)
    else:
        rows = _inquiries(access, customer.pk)
        newest, recent = list(_first(rows)), list(_counted(rows))
    found = as_page(newest, CLOSED_ORDER, size=PAGE_SIZE)
    return History(page=found, recent_contacts=sum(recent))


def history_ahead(access: Access, customer: Customer) -> list[Call]:
    """What `history` will read, for `read_ahead`."""
    if hidden_inquiries(access) is not None:
        return []
    parameters = _parameters(access, customer)
    return [_newest.of(*parameters), _recent.of(*parameters)]


def further_history(
    access: Access, customer: Customer, *, cursor: str
) -> Page[Inquiry]:
    """The page behind `cursor`. Raises InvalidCursorError."""
    rows = _shown(_inquiries(access, customer.pk))
    return page(rows, CLOSED_ORDER, cursor=cursor, size=PAGE_SIZE)


def _parameters(access: Access, customer: Customer) -> tuple[int, int, bool]:
    """A customer's inquiries are all of one account: the rights there decide."""
    account = customer.account_id
    is_manager = access.allows(Permission.MANAGE_SETTINGS, account)
    return customer.pk, account, is_manager


@prepared
def _newest(customer_id: int, account_id: int, is_manager: bool) -> QuerySet[Inquiry]:
    return _first(_inquiries(_reader(account_id, is_manager), customer_id))


@prepared
def _recent(
    customer_id: int, account_id: int, is_manager: bool
) -> QuerySet[Inquiry, int]:
    return _counted(_inquiries(_reader(account_id, is_manager), customer_id))


def _reader(account_id: int, is_manager: bool) -> Access:
    """Who manages the settings sees what was written while an inbox was being tested."""
    return stand_in([account_id], role=Role.ADMIN if is_manager else Role.AGENT)


def _inquiries(access: Access, customer_id: int) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.visible_to(access)
    return rows.filter(conversation__in=_threads_of(customer_id))


def _first(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    return rows_of_page(_shown(rows), CLOSED_ORDER, size=PAGE_SIZE)


def _shown(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """With what a line names, and nothing else. `thread_of`: whose thread it is in."""
    rows = rows.select_related("owner__user", "reason").only(*_COLUMNS)
    return rows.annotate(thread_of=F("conversation__customer"))


def _counted(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry, int]:
    """The recent ones: one number, or none where there are none."""
    recent = rows.filter(opened_at__gte=Now() - timedelta(days=CONTACT_DAYS))
    of_account = recent.order_by().values("account")
    return of_account.annotate(number=Count("pk")).values_list("number", flat=True)


def _threads_of(customer_id: int) -> QuerySet[Any, Any]:
    """Keys of the conversation they have, and of those they had as somebody unknown."""
    own = Conversation.objects.filter(customer=customer_id).values("pk")
    joined = Joining.objects.filter(
        later__customer=customer_id, undone_at__isnull=True
    ).values("earlier")
    chatted = Visitor.objects.filter(customer=customer_id, earlier__isnull=False)
    return own.union(joined, chatted.values("earlier"))
