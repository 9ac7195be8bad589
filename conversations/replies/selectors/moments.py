"""When a reply may be sent later, as it is offered: in the hours of its account."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agentdesk.accounts.models import ClientAccount
from conversations.routing.hours import Schedule
from conversations.routing.opening import remembered_schedule

FORMAT = "%Y-%m-%dT%H:%M"  # as a field of the browser writes it, in the account's zone
_USUAL_MORNING, _AFTERNOON = time(9), time(13)


@dataclass(frozen=True)
class Moment:
    label: str
    at: datetime

    @property
    def value(self) -> str:
        return self.at.strftime(FORMAT)

    @property
    def shown(self) -> str:
        return shown_moment(self.at)


@dataclass(frozen=True)
class Moments:
    offered: list[Moment]
    custom: str  # what the field for another time begins with
    earliest: str
    zone: str  # named where it is not the reader's own


def moments_of(account: ClientAccount, now: datetime | None = None) -> Moments:
    """The next mornings, an afternoon and Monday, none of them twice."""
    local = (now or timezone.now()).astimezone(ZoneInfo(account.time_zone))
    schedule = remembered_schedule(account)
    offered: list[Moment] = []
    for moment in _wanted(schedule, local):
        if moment.at > local and all(moment.at != one.at for one in offered):
            offered.append(moment)
    offered.sort(key=lambda moment: moment.at)
    custom = offered[0].at if offered else local + timedelta(hours=1)
    is_own = timezone.get_current_timezone_name() == account.time_zone
    return Moments(
        offered=offered,
        custom=custom.strftime(FORMAT),
        earliest=local.strftime(FORMAT),
        zone="" if is_own else account.time_zone,
    )


def _wanted(schedule: Schedule, local: datetime) -> list[Moment]:
    afternoon = _at(local, 0, _AFTERNOON)
    if afternoon <= local:
        afternoon, label = _at(local, 1, _AFTERNOON), _("Tomorrow afternoon")
    else:
        label = _("This afternoon")
    monday = 7 - local.weekday()
    return [
        Moment(_("Tomorrow morning"), _opens(schedule, local, 1)),
        Moment(label, afternoon),
        Moment(_("Monday morning"), _opens(schedule, local, monday)),
    ]


def _at(local: datetime, days: int, at: time) -> datetime:
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, at, local.tzinfo)


def _opens(schedule: Schedule, local: datetime, days: int) -> datetime:
    """When the account opens on that day, or in the morning where it does not."""
    midnight = _at(local, days, time(0))
    opens = schedule.next_opening(midnight - timedelta(microseconds=1))
    is_that_day = opens is not None and opens.date() == midnight.date()
    is_always_open = opens == midnight
    if opens is None or not is_that_day or is_always_open:
        return _at(local, days, _USUAL_MORNING)
    return opens


def shown_moment(local: datetime) -> str:
    """12月2日（水）9:00. It is in the account's zone already, and stays so."""
    return date_format(local.replace(tzinfo=None), _("D, j M, H:i"))
