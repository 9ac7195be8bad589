"""The week of opening hours as it is typed: any number of intervals on each day."""

from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.hours import Interval, Week
from agentdesk.web.fields import LineField

MOST_INTERVALS = 6


@dataclass
class DayRow:
    """One weekday on the page, with what was typed and what is wrong with it."""

    weekday: int
    typed: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""
    prefix: str = ""  # of ids, where a page has two weeks

    @property
    def label(self) -> str:
        return str(WEEKDAYS[self.weekday])

    @property
    def menu_id(self) -> str:
        return f"{self.prefix}copy-{self.weekday}"


class WeekForm:
    """Reads `opens-<weekday>` and `closes-<weekday>`, each as often as there are intervals."""

    def __init__(self, data: QueryDict | None, *, week: Week, prefix: str = "") -> None:
        self.week: Week = {}
        self.days = [DayRow(weekday, prefix=prefix) for weekday in range(7)]
        for day in self.days:
            if data is None:
                day.typed = [(_text(a), _text(b)) for a, b in week.get(day.weekday, [])]
            else:
                self._read(day, data)

    def _read(self, day: DayRow, data: QueryDict) -> None:
        opens = data.getlist(f"opens-{day.weekday}")
        closes = data.getlist(f"closes-{day.weekday}")
        pairs = zip(opens, closes, strict=False)
        day.typed = [(a.strip()[:8], b.strip()[:8]) for a, b in pairs if a or b]
        try:
            self.week[day.weekday] = _intervals(day.typed)
        except forms.ValidationError as error:
            day.error = error.messages[0]

    def is_valid(self) -> bool:
        return not any(day.error for day in self.days)


def _text(moment: time) -> str:
    return f"{moment:%H:%M}"


def _intervals(typed: list[tuple[str, str]]) -> list[Interval]:
    if len(typed) > MOST_INTERVALS:
        raise forms.ValidationError(
            gettext("At most %(count)s intervals a day.") % {"count": MOST_INTERVALS}
        )
    intervals = sorted(_interval(opens, closes) for opens, closes in typed)
    for earlier, later in pairwise(intervals):
        if later[0] < _end(earlier):
            raise forms.ValidationError(
                gettext("%(one)s and %(other)s overlap.")
                % {"one": _span(earlier), "other": _span(later)}
            )
    return intervals


def _interval(opens: str, closes: str) -> Interval:
    try:
        interval = time.fromisoformat(opens), time.fromisoformat(closes)
    except ValueError as error:
        raise forms.ValidationError(
            gettext("Enter both an opening and a closing time.")
        ) from error
    ends_at_midnight = interval[1] == time.min
    if interval[0] >= interval[1] and not ends_at_midnight:
        raise forms.ValidationError(
            gettext("%(span)s ends before it begins. Midnight is 00:00.")
            % {"span": _span(interval)}
        )
    return interval


def _end(interval: Interval) -> time:
    """The closing time for comparisons: 00:00 is after every other time."""
    return time.max if interval[1] == time.min else interval[1]


def _span(interval: Interval) -> str:
    return f"{_text(interval[0])}–{_text(interval[1])}"


class ClosedDayForm(forms.Form):
    day = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    name = LineField(
        label=_("Name"),
        max_length=60,
        required=False,
        help_text=_("For example: year-end holidays"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today or day.year > self.today.year + 5:
            raise forms.ValidationError(
                gettext("Choose a day between today and five years from now.")
            )
        return day
