"""The list of the desk: which inquiries a member sees, most urgent first."""

from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Now, NullIf
from django.utils.translation import gettext

from agentdesk.accounts.access import Access, stand_in
from agentdesk.accounts.models import User
from agentdesk.prepared import Call, prepared
from agentdesk.web.keyset import Page, as_page, page, rows_of_page
from conversations.choices import OPEN_STATUSES, InquiryStatus
from conversations.models import Draft, Inquiry
from conversations.models.partly_live import hidden_inquiries
from customers.people.selectors.contacts import is_disputed

VIEWS = ("mine", "unassigned", "all", "snoozed")
OPEN_ORDER = ("list_group", "list_moment", "pk")
CLOSED_ORDER = ("-last_activity_at", "-pk")
PAGE_SIZE = 30
MOST_SHOWN = 150
_MOST_COUNTED = 9_999  # up to here the number is exact
_COUNTED = ("mine", "unassigned")


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
    """One page of rows, with all that a row shows, in one query.

    `author_user` and `author_name` have written the last words. `is_begun`: the member has
    a draft there. `is_disputed`: 要確認, somebody has to look
    whose an address is. Raises InvalidCursorError.
    """
    order = _order(chosen)
    if cursor or not _sees_all_alike(access):
        rows = _with_marks(access, chosen)
        return page(rows, order, cursor=cursor, size=size, parts=_parts(access, chosen))
    found = _first(*_parameters(access, chosen, size))
    return as_page(found, order, size=size)


def list_ahead(access: Access, chosen: ListFilter, *, size: int) -> list[Call]:
    """What the first page and the counts will read, for `read_ahead`."""
    if not _sees_all_alike(access):
        return []
    page_of_list = _first.of(*_parameters(access, chosen, size))
    return [page_of_list, _counted.of(access.user.pk, *_shown_places(access))]


def _parameters(
    access: Access, chosen: ListFilter, size: int
) -> tuple["_Wanted", int, list[int], list[int]]:
    accounts, members = _shown_places(access)
    wanted = _Wanted(chosen, size)
    return wanted, access.user.pk, accounts, members if chosen.is_mine else []


@dataclass(frozen=True)
class _Wanted:
    chosen: ListFilter
    size: int


@prepared
def _first(
    wanted: _Wanted, user_id: int, account_ids: list[int], member_ids: list[int]
) -> QuerySet[Inquiry]:
    access = stand_in(account_ids, member_ids, user_id)
    rows, parts = _with_marks(access, wanted.chosen), _parts(access, wanted.chosen)
    return rows_of_page(rows, _order(wanted.chosen), size=wanted.size, parts=parts)


def _sees_all_alike(access: Access) -> bool:
    """Whether nothing of the shown accounts is hidden from the member (`tried`)."""
    return bool(access.shown_ids) and hidden_inquiries(access) is None


def _shown_places(access: Access) -> tuple[list[int], list[int]]:
    """The accounts shown, and the member's places in them."""
    shown = access.shown_ids
    return shown, [access.memberships[pk].pk for pk in shown]


def _order(chosen: ListFilter) -> tuple[str, ...]:
    return CLOSED_ORDER if chosen.is_closed else OPEN_ORDER


def _with_marks(access: Access, chosen: ListFilter) -> QuerySet[Inquiry]:
    begun = Draft.objects.filter(
        conversation=OuterRef("conversation"), member__user=access.user
    )
    rows = _narrowed(access, chosen).select_related(
        "account", "conversation__customer", "owner__user"
    )
    author = User.objects.filter(memberships=OuterRef("conversation__last_author"))
    named = Coalesce(
        NullIf("family_name", Value("")),
        NullIf("given_name", Value("")),
        Cast("email", CharField()),
    )
    # By subqueries: with two more joins PostgreSQL reads all inquiries there are, for
    # beyond eight (join_collapse_limit) it no longer looks for the best order of them.
    return rows.annotate(
        author_user=Subquery(author.values("pk")[:1]),
        author_name=Subquery(author.values(named=named)[:1]),
        is_begun=Exists(begun),
        is_disputed=ExpressionWrapper(
            is_disputed("conversation__customer"), output_field=BooleanField()
        ),
    )


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
    """How many are mine and unassigned; beyond 9,999 they are too many to tell."""
    if not access.shown_ids:
        counts = [0, 0]
    elif _sees_all_alike(access):
        [counts] = _counted(access.user.pk, *_shown_places(access))
    else:
        [counts] = _to_count(access, access.user.pk)
    return {
        view: _count_words(count) for view, count in zip(_COUNTED, counts, strict=True)
    }


def _count_words(count: int) -> str:
    return f"{_MOST_COUNTED}+" if count > _MOST_COUNTED else str(count)


@prepared
def _counted(
    user_id: int, account_ids: list[int], member_ids: list[int]
) -> QuerySet[User, list[int]]:
    return _to_count(stand_in(account_ids, member_ids, user_id), user_id)


def _to_count(access: Access, user_id: int) -> QuerySet[User, list[int]]:
    """One row: of each view how many there are, read from its index alone."""
    counts = {
        f"count_{view}": _Number(
            _narrowed(access, ListFilter(view=view))
            .order_by()
            .values("pk")[: _MOST_COUNTED + 1]
        )
        for view in _COUNTED
    }
    return User.objects.filter(pk=user_id).annotate(**counts).values_list(*counts)


class _Number(Subquery):
    """How many rows the query has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def next_waiting(access: Access, *, besides: int = 0) -> Inquiry | None:
    """The one to take next: of those that are mine or nobody's, the most urgent.

    Who is on the phone already is being spoken with.
    """
    rows = (
        Inquiry.objects.shown_to(access)
        .open()
        .awake()
        .filter(waiting_since__lte=Now(), on_call=False)
        .exclude(pk=besides)
        .order_by(*OPEN_ORDER)
    )
    return rows.owned_by(access).first() or rows.unassigned().first()
