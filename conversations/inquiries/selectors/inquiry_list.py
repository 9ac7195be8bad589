"""The list of the desk: which inquiries a member sees, longest waiting first."""

from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Now
from django.utils.translation import gettext

from agentdesk.accounts.access import Access
from agentdesk.web.keyset import Page, page
from conversations.choices import OPEN_STATUSES, InquiryStatus
from conversations.models import Draft, Inquiry
from customers.people.selectors.contacts import is_disputed

VIEWS = ("mine", "unassigned", "all", "snoozed")
OPEN_ORDER = ("list_group", "list_moment", "pk")
CLOSED_ORDER = ("-last_activity_at", "-pk")
PAGE_SIZE = 30
MOST_SHOWN = 150
_MOST_COUNTED = 99


@dataclass(frozen=True)
class ListFilter:
    """What the member has chosen: a view, and one status or all open ones ("")."""

    view: str = "all"
    status: str = ""

    @classmethod
    def of(cls, view: str, status: str) -> "ListFilter":
        """From what a browser sent; what is unknown falls back to all."""
        return cls(
            view if view in VIEWS else "all",
            status if status in InquiryStatus.values else "",
        )

    @property
    def is_mine(self) -> bool:
        return self.view == "mine"

    @property
    def is_unassigned(self) -> bool:
        return self.view == "unassigned"

    @property
    def is_all(self) -> bool:
        return self.view == "all"

    @property
    def is_snoozed(self) -> bool:
        return self.view == "snoozed"

    @property
    def is_open_list(self) -> bool:
        return not self.status and not self.is_snoozed

    @property
    def is_narrowed(self) -> bool:
        return not self.is_open_list

    @property
    def label(self) -> str:
        """The narrowing in words."""
        if self.is_snoozed:
            return gettext("Snoozed")
        return str(InquiryStatus(self.status).label) if self.status else ""

    @property
    def is_closed(self) -> bool:
        return bool(self.status) and self.status not in OPEN_STATUSES


def inquiry_list(
    access: Access, chosen: ListFilter, *, cursor: str = "", size: int = PAGE_SIZE
) -> Page[Inquiry]:
    """One page of rows, with all that a row shows, in at most two queries.

    `is_begun`: the member has a draft there. `is_disputed`: 要確認, somebody has to look
    whose an address is. Raises InvalidCursorError.
    """
    order = CLOSED_ORDER if chosen.is_closed else OPEN_ORDER
    rows = _narrowed(access, chosen).select_related(
        "account", "conversation__customer", "owner__user"
    )
    begun = Draft.objects.filter(
        conversation=OuterRef("conversation"), member__user=access.user
    )
    rows = rows.annotate(
        is_begun=Exists(begun),
        is_disputed=ExpressionWrapper(
            is_disputed("conversation__customer"), output_field=BooleanField()
        ),
    )
    return page(rows, order, cursor=cursor, size=size, parts=_parts(access, chosen))


def _parts(access: Access, chosen: ListFilter) -> list[Q]:
    """The ranges of the list's indexes that a view is made of."""
    if chosen.is_mine and not chosen.is_closed:
        shown = access.shown_ids
        members = access.memberships.values()
        return [Q(owner=member.pk) for member in members if member.account_id in shown]
    return [Q(account=pk) for pk in access.shown_ids]


def _narrowed(access: Access, chosen: ListFilter) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.shown_to(access)
    if chosen.view == "mine":
        rows = rows.owned_by(access)
    elif chosen.view == "unassigned":
        rows = rows.unassigned()
    rows = rows.filter(status=chosen.status) if chosen.status else rows.open()
    if chosen.is_closed:
        return rows
    if chosen.view == "snoozed":
        return rows.filter(snoozed_until__isnull=False)
    return rows.awake()


def open_counts(access: Access) -> dict[str, str]:
    """How many are mine and unassigned, counted to 99 and no further."""
    counts = {}
    for view in ("mine", "unassigned"):
        rows = _narrowed(access, ListFilter(view=view)).order_by()
        found = rows[: _MOST_COUNTED + 1].count()
        counts[view] = f"{_MOST_COUNTED}+" if found > _MOST_COUNTED else str(found)
    return counts


def next_waiting(access: Access, *, besides: int = 0) -> Inquiry | None:
    """The one to take next: of those that are mine or nobody's, the longest waiting."""
    rows = (
        Inquiry.objects.shown_to(access)
        .open()
        .awake()
        .filter(waiting_since__lte=Now())
        .exclude(pk=besides)
        .order_by(*OPEN_ORDER)
    )
    return rows.owned_by(access).first() or rows.unassigned().first()
