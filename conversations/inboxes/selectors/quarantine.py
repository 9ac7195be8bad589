"""Events that wait for an admin, or were left out, newest first."""

from dataclasses import dataclass

from django.db.models import Count, F, Func, IntegerField, QuerySet

from agentdesk.accounts.models import ClientAccount
from agentdesk.web.keyset import Page, page
from conversations.choices import EventState
from conversations.models import ProviderEvent

SHOWN = (EventState.QUARANTINED, EventState.HELD, EventState.IGNORED)
# So many with the same reason are run again, or discarded, in one go.
MOST_AT_ONCE = 1000
_ORDER = ("-pk",)
_SIZE = 30


@dataclass(frozen=True)
class AsideFilter:
    state: EventState

    @classmethod
    def of(cls, typed: str) -> "AsideFilter":
        """From what a browser sent; what is unknown falls back to the quarantine."""
        known = {str(state): state for state in SHOWN}
        return cls(known.get(typed, EventState.QUARANTINED))


def events_aside(
    account: ClientAccount, chosen: AsideFilter, *, cursor: str = ""
) -> Page[ProviderEvent]:
    """One page, without the bodies, in one query. Raises InvalidCursorError."""
    rows = _of(account, chosen.state).select_related("inbox").defer("body")
    size = Func(F("body"), function="octet_length", output_field=IntegerField())
    return page(rows.annotate(size=size), _ORDER, cursor=cursor, size=_SIZE)


def _of(account: ClientAccount, state: EventState) -> QuerySet[ProviderEvent]:
    rows = ProviderEvent.objects.filter(account=account, state=state)
    if state == EventState.IGNORED:
        rows = rows.exclude(reason="")
    return rows


def aside_counts(account: ClientAccount) -> list[tuple[EventState, int]]:
    """How many there are of each kind, in one query."""
    rows = ProviderEvent.objects.filter(account=account, state__in=SHOWN)
    rows = rows.exclude(state=EventState.IGNORED, reason="").order_by()
    counted = dict(rows.values_list("state").annotate(count=Count("pk")))
    return [(state, counted.get(str(state), 0)) for state in SHOWN]


def events_of_reason(event: ProviderEvent) -> list[int]:
    """Those of the same inbox that were set aside for the same reason, oldest first."""
    rows = ProviderEvent.objects.filter(
        account=event.account_id,
        inbox=event.inbox_id,
        state=event.state,
        reason=event.reason,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
