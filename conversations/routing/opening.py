"""Whether an account, or one of its inboxes, answers now: its hours, and whether somebody is there."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils import timezone

from agentdesk.accounts.hours import week_from
from agentdesk.accounts.models import ClientAccount, ClosedDay, OpeningHours
from agentdesk.live.presence import is_staffed
from conversations.choices import InboxState
from conversations.models import Inbox
from conversations.routing.hours import Interval, Schedule

_remembered: dict[int, tuple[float, Schedule]] = {}


@dataclass(frozen=True)
class Opening:
    """`is_open` by the hours; `is_staffed`: a member is signed in now."""

    is_open: bool
    is_staffed: bool
    next_opening: datetime | None

    @property
    def answers_now(self) -> bool:
        return self.is_open and self.is_staffed


def schedule_of(account: ClientAccount) -> Schedule:
    return _schedule(
        account,
        [
            Interval(hours.weekday, hours.opens, hours.closes)
            for hours in OpeningHours.objects.filter(account=account)
        ],
    )


def remembered_schedule(account: ClientAccount) -> Schedule:
    """As it is, or was INBOX_MEMORY_SECONDS ago: every message that comes asks."""
    now = time.monotonic()
    read_at, known = _remembered.get(account.pk, (0.0, None))
    if known is not None and now - read_at < settings.INBOX_MEMORY_SECONDS:
        return known
    schedule = schedule_of(account)
    _remembered[account.pk] = (now, schedule)
    return schedule


def inbox_schedule(inbox: Inbox) -> Schedule:
    """Its own hours where it has some, the chosen ones while it is partly live."""
    is_partial = inbox.state == InboxState.PARTIAL
    stored = (inbox.partial_hours if is_partial else None) or inbox.hours
    if not stored:
        return schedule_of(inbox.account)
    week = week_from(stored)
    return _schedule(
        inbox.account,
        [Interval(day, *span) for day, spans in week.items() for span in spans],
    )


def _schedule(account: ClientAccount, intervals: list[Interval]) -> Schedule:
    today = timezone.now().date()
    closed = set(
        ClosedDay.objects.filter(
            account=account, day__year__gte=today.year - 1
        ).values_list("day", flat=True)
    )
    heeds_holidays = account.closed_on_holidays
    region = account.phone_region

    def is_closed_day(day: date) -> bool:
        return day in closed or (heeds_holidays and is_holiday(region, day))

    return Schedule(ZoneInfo(account.time_zone), intervals, is_closed_day)


def is_open(account: ClientAccount, at: datetime) -> bool:
    return schedule_of(account).is_open(at)


def opening(inbox: Inbox, at: datetime | None = None) -> Opening:
    at = at or timezone.now()
    schedule = inbox_schedule(inbox)
    open_now = schedule.is_open(at)
    return Opening(
        is_open=open_now,
        is_staffed=is_staffed(inbox.account_id),
        next_opening=None if open_now else schedule.next_opening(at),
    )


def is_holiday(region: str, day: date) -> bool:
    return day in _holidays(region)


@lru_cache(maxsize=32)
def _holidays(region: str) -> holidays.HolidayBase:
    """National holidays of a country (ISO code); none where it is not known."""
    try:
        return holidays.country_holidays(region)
    except NotImplementedError:
        return holidays.HolidayBase()
