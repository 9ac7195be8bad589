"""The log as its readers may see it: which entries, and what each says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.roles import Permission
from agentdesk.audit.models import AuditEntry
from agentdesk.audit.names import field_name, value_name

ORDER = ("-at", "-pk")


@dataclass(frozen=True)
class Filters:
    """What a reader asks for; empty values ask for everything."""

    who: User | None = None
    what: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


def account_ids(access: Access, permission: Permission) -> list[int]:
    """Of the accounts on screen, those in which the reader has the permission."""
    return [pk for pk in access.shown_ids if access.allows(permission, pk)]


def members_of(ids: list[int]) -> QuerySet[User]:
    """Whoever is or was a member of these accounts."""
    return User.objects.filter(
        pk__in=Membership.objects.filter(account__in=ids).values("user")
    ).order_by("family_name", "given_name", "pk")


def entries(ids: list[int], filters: Filters) -> QuerySet[AuditEntry]:
    """Entries of these accounts, and what their members did to their own sign-in."""
    own = Q(account=None, target_type="accounts.user")
    own &= Q(target_id__in=members_of(ids).order_by().values("pk"))
    rows = AuditEntry.objects.select_related("account", "actor").filter(
        Q(account__in=ids) | own
    )
    if filters.who:
        mine = Q(target_type="accounts.user", target_id=filters.who.pk)
        rows = rows.filter(Q(actor=filters.who) | mine)
    if filters.what:
        rows = rows.filter(action__startswith=f"{filters.what}.")
    if filters.target:
        rows = rows.filter(target_label__icontains=filters.target)
    if filters.since:
        rows = rows.filter(at__gte=_start(filters.since))
    if filters.until:
        rows = rows.filter(at__lt=_start(filters.until + timedelta(days=1)))
    return rows


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def changes(entry: AuditEntry) -> list[Change]:
    return list(_changes(entry.before, entry.after))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for key in {**before, **after}:
        old, new = (value_name(key, side.get(key)) for side in (before, after))
        if old or new:
            yield Change(field_name(key), old, new)
