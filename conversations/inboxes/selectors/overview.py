"""All inboxes of an account with how they fare, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Greatest
from django.utils import timezone

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from conversations.choices import (
    DeliveryState,
    Direction,
    EventState,
    MessageKind,
)
from conversations.inboxes.selectors.trouble import (
    QUOTA_WARNING,
    Trouble,
    inboxes_with_connection,
    may_alarm,
    troubles_of,
)
from conversations.models import (
    Call,
    Delivery,
    Inbox,
    InboxConnection,
    InboxRefusals,
    Message,
    ProviderEvent,
)

DAY = timedelta(hours=24)
# Refused requests are told of for so long.
REFUSAL_DAYS = 7
Lasts = tuple[datetime | None, datetime | None]
_GONE = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)


@dataclass(frozen=True)
class Quota:
    used: int
    limit: int

    @property
    def tone(self) -> str:
        if self.used >= self.limit:
            return "danger"
        return "warning" if self.used >= self.limit * QUOTA_WARNING else "success"


@dataclass(frozen=True)
class InboxRow:
    inbox: Inbox
    last_in: datetime | None
    last_out: datetime | None
    failures: int
    refusals: int
    quarantined: int
    held: int
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def connection(self) -> InboxConnection | None:
        return getattr(self.inbox, "connection", None)

    @property
    def own_troubles(self) -> list[Trouble]:
        """Without what no provider's inbox of this installation is free of."""
        return [one for one in self.troubles if one.code != "webhook"]

    @property
    def quota(self) -> Quota | None:
        connection = self.connection
        if connection is None or connection.quota_limit is None:
            return None
        return Quota(connection.quota_used or 0, connection.quota_limit)

    @property
    def token_days(self) -> int | None:
        """Whole days until the token ends; below zero once it has."""
        connection = self.connection
        if connection is None or connection.token_expires_at is None:
            return None
        return (connection.token_expires_at - timezone.now()).days


def inbox_rows(account: ClientAccount) -> list[InboxRow]:
    """In five queries, however many inboxes and messages there are."""
    now = timezone.now()
    last = _lasts(account)
    failures = _failures(account, now)
    refusals = _refusals(account)
    aside = _set_aside(account)
    return [
        InboxRow(
            inbox=inbox,
            last_in=last[inbox.pk][0],
            last_out=last[inbox.pk][1],
            failures=failures.get(inbox.pk, 0),
            refusals=refusals.get(inbox.pk, 0),
            quarantined=aside.get((inbox.pk, EventState.QUARANTINED), 0),
            held=aside.get((inbox.pk, EventState.HELD), 0),
            troubles=troubles_of(inbox),
        )
        for inbox in inboxes_with_connection()
        .filter(account=account)
        .select_related("connection", "account", "webchat")
        .order_by("channel", "name", "pk")
    ]


def _lasts(account: ClientAccount) -> dict[int, Lasts]:
    """When each inbox was heard and answered last: looks into indexes, one query."""
    messages = Message.objects.filter(inbox=OuterRef("pk"), kind=MessageKind.TEXT)
    calls = Call.objects.filter(account=OuterRef("account"), inbox=OuterRef("pk"))
    received = messages.filter(direction=Direction.INBOUND).order_by("-created_at")
    written = messages.filter(direction=Direction.OUTBOUND, state__in=_GONE)
    rung = calls.filter(direction=Direction.INBOUND).order_by("-rang_at")
    rows = Inbox.objects.filter(account=account).annotate(
        last_in=Greatest(
            Subquery(received.values("created_at")[:1]),
            Subquery(rung.values("rang_at")[:1]),
        ),
        last_out=Subquery(written.order_by("-created_at").values("created_at")[:1]),
    )
    return {
        pk: (last_in, last_out)
        for pk, last_in, last_out in rows.values_list("pk", "last_in", "last_out")
    }


def failed_since(now: datetime) -> Q:
    return Q(state=DeliveryState.FAILED, settled_at__gte=now - DAY)


def _failures(account: ClientAccount, now: datetime) -> dict[int, int]:
    rows = Delivery.objects.filter(failed_since(now), inbox__account=account)
    counted = rows.values("inbox_id").annotate(messages=Count("message", distinct=True))
    return {row["inbox_id"]: row["messages"] for row in counted}


def _refusals(account: ClientAccount) -> dict[int, int]:
    since = timezone.localdate() - timedelta(days=REFUSAL_DAYS - 1)
    rows = InboxRefusals.objects.filter(inbox__account=account, day__gte=since)
    found: dict[int, int] = {}
    for pk, count in rows.values_list("inbox_id", "count"):
        found[pk] = found.get(pk, 0) + count
    return found


def refusals_of(inbox: Inbox) -> int:
    """Requests of these days whose signature was not valid."""
    since = timezone.localdate() - timedelta(days=REFUSAL_DAYS - 1)
    rows = InboxRefusals.objects.filter(inbox=inbox, day__gte=since)
    return int(rows.aggregate(total=Sum("count", default=0))["total"])


def _set_aside(account: ClientAccount) -> dict[tuple[int, str], int]:
    rows = ProviderEvent.objects.filter(
        account=account, state__in=[EventState.QUARANTINED, EventState.HELD]
    )
    counted = rows.order_by().values("inbox_id", "state").annotate(count=Count("pk"))
    return {(row["inbox_id"], row["state"]): row["count"] for row in counted}


def held_count(inbox: Inbox) -> int:
    return ProviderEvent.objects.filter(inbox=inbox, state=EventState.HELD).count()


def quarantine_count(account: ClientAccount) -> int:
    rows = ProviderEvent.objects.filter(account=account, state=EventState.QUARANTINED)
    return rows.count()


def alarmed_inboxes(accounts: Sequence[int]) -> list[tuple[Inbox, Trouble]]:
    """Open inboxes in real trouble, with the worst of it, in one query."""
    rows = inboxes_with_connection().running().filter(account__in=accounts)
    found = []
    for inbox in rows.filter(may_alarm(timezone.now())).order_by("pk"):
        worst = next((one for one in troubles_of(inbox) if _is_alarm(one)), None)
        if worst is not None:
            found.append((inbox, worst))
    return found


def alarm_count(account: ClientAccount) -> int:
    return len(alarmed_inboxes([account.pk]))


def managed_accounts(access: Access) -> list[int]:
    """The accounts on screen whose inboxes this user can mend."""
    return [
        pk for pk in access.shown_ids if access.allows(Permission.MANAGE_SETTINGS, pk)
    ]


def _is_alarm(trouble: Trouble) -> bool:
    return trouble.tone == "danger" or trouble.code == "silent"
