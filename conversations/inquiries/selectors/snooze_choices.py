"""When a snoozed inquiry may come back: by the hours of its account, or as it is typed."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agentdesk.accounts.models import ClientAccount
from conversations.inquiries.selectors.choices import Choice
from conversations.inquiries.typed_moment import typed_moment
from conversations.routing.hours import Schedule
from conversations.routing.opening import remembered_schedule

_MORNING = time(9)
HOURS = {"hour": 1, "three_hours": 3}


def snooze_choices(account: ClientAccount) -> list[Choice]:
    """In an hour, in three, at the next opening, on Monday: each with its moment."""
    names = {
        "tomorrow": _("Tomorrow morning"),
        "three_hours": _("In three hours"),
        "monday": _("Next Monday"),
        "hour": _("In an hour"),
    }
    now = timezone.localtime()
    moments = {key: preset_moment(key, account, now) for key in names}
    next_open = moments["tomorrow"].date() - now.date()
    if next_open > timedelta(days=1):
        names["tomorrow"] = _("When we open next")
    if moments["monday"] == moments["tomorrow"]:
        del names["monday"]
    return [
        Choice({"until": key}, name, hint=moment_words(moments[key]), is_likely=True)
        for key, name in names.items()
    ]


def typed_choices(account: ClientAccount, text: str) -> list[Choice]:
    """The moment that is typed, as a choice; none where it is no time, or over."""
    schedule, now = remembered_schedule(account), timezone.localtime()
    moment = typed_moment(text, now=now, opening=lambda day: _opening(schedule, day))
    if moment is None or moment <= now:
        return []
    values = {"until": "at", "at": f"{moment:%Y-%m-%dT%H:%M}"}
    words = moment_words(moment)
    label = pgettext("snooze", "Until %(moment)s") % {"moment": words}
    return [Choice(values, label, words=[text], is_likely=True)]


def preset_moment(key: str, account: ClientAccount, now: datetime) -> datetime:
    """`now` is in the member's time zone, and so is the answer."""
    if key in HOURS:
        return now + timedelta(hours=HOURS[key])
    ahead = 1 if key == "tomorrow" else 7 - now.weekday()
    day = now.date() + timedelta(days=ahead)
    schedule = remembered_schedule(account)
    if not schedule.intervals and not schedule.is_closed_day(day):
        return datetime.combine(day, _MORNING, tzinfo=now.tzinfo)
    before = datetime.combine(day, time(0), tzinfo=now.tzinfo) - timedelta(seconds=1)
    opens = schedule.next_opening(before)
    if opens is None or not schedule.intervals:
        day = opens.date() if opens else day
        return datetime.combine(day, _MORNING, tzinfo=now.tzinfo)
    return opens.astimezone(now.tzinfo)


def _opening(schedule: Schedule, day: date) -> time:
    """When the account opens on that day; 9:00 where it does not say."""
    opens = sorted(i.opens for i in schedule.intervals if i.weekday == day.weekday())
    return opens[0] if opens else _MORNING


def moment_words(moment: datetime) -> str:
    """明日 is not enough where a closed day lies between: 12/3(木) 9:00."""
    if moment.date() == timezone.localtime().date():
        return date_format(moment, "H:i")
    return date_format(moment, pgettext("snooze", "D j M H:i"))
