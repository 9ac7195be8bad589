"""From the cell of a shop's file to a moment. Never guesses what was not written."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.base import BadRowError

_TIME = (
    r"(?:[ T]*(?P<half>午前|午後|AM|PM)? *(?P<hour>[0-9]{1,2})[:時](?P<minute>[0-9]{1,2})分?"
    r"(?::?(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?秒?)? *(?P<half_after>AM|PM)?)?"
    r" *(?P<zone>Z|JST|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_MOMENT = re.compile(
    r"(?P<era>令和|平成|R|H)?(?P<year>[0-9]{1,4}|元)[-/.年](?P<month>[0-9]{1,2})[-/.月]"
    r"(?P<day>[0-9]{1,2})日?" + _TIME,
    re.IGNORECASE,
)
# 10月1日(木): without a year only where the words say that it is a date.
_YEARLESS = re.compile(r"(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日" + _TIME, re.I)
_WEEKDAY = re.compile(
    r" *\(([月火水木金土日])(?:曜日?)?(?:[・･]?[祝休])?\) *|([月火水木金土日])曜日?"
)
_WEEKDAYS = "月火水木金土日"
_COMPACT = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[ T]?([0-9]{2})([0-9]{2})([0-9]{2})?)?"
)
_COMPACT_TIME = re.compile(r"([0-9]{1,2})([0-9]{2})([0-9]{2})")
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_ZONES = {"Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00", "JST": "+09:00"}
_EARLIEST_YEAR = 1980
_YEARS_BACK = 3  # a weekday of an older year is rather a slip of the pen


def with_time(day: str, time: str) -> str:
    """One cell out of a column of dates and one of times (103309 is 10:33:09)."""
    text = unicodedata.normalize("NFKC", time).strip()
    if not text or ":" in unicodedata.normalize("NFKC", day):
        return day
    compact = _COMPACT_TIME.fullmatch(text)
    return f"{day} {':'.join(compact.groups())}" if compact else f"{day} {text}"


@lru_cache(maxsize=20_000)
def moment(cell: str, name: str, zone: ZoneInfo) -> datetime:
    """A date with or without a time; without an offset it is the account's time."""
    text = " ".join(unicodedata.normalize("NFKC", cell).replace("\u2212", "-").split())
    try:
        value = _read(text, zone)
    except ValueError as error:
        raise BadRowError(
            _("%(column)s is no date: “%(value)s”.")
            % {"column": name, "value": cell[:40]}
        ) from error
    if value.year < _EARLIEST_YEAR or value > timezone.now() + timedelta(days=366):
        raise BadRowError(
            _("%(column)s is too far away: “%(value)s”.")
            % {"column": name, "value": cell[:40]}
        )
    return value


def _read(text: str, zone: ZoneInfo) -> datetime:
    compact = _COMPACT.fullmatch(text)
    if compact:
        year, month, day, *time = compact.groups()
        text = f"{year}-{month}-{day} " + ":".join(part for part in time if part)
    weekday = _WEEKDAY.search(text)
    if weekday:
        text = _WEEKDAY.sub(" ", text, count=1)
    text = " ".join(text.split())
    found = _MOMENT.fullmatch(text)
    if found:
        year = 1 if found["year"] == "元" else int(found["year"])
        return _moment_of(
            found, year + _ERAS.get((found["era"] or "").upper(), 0), zone
        )
    found = _YEARLESS.fullmatch(text)
    if not found:
        raise ValueError(text)
    name = (weekday[1] or weekday[2]) if weekday else ""
    return _moment_of(
        found, _year_of(int(found["month"]), int(found["day"]), name), zone
    )


def _year_of(month: int, day: int, weekday: str) -> int:
    """The newest year in which that day is past and, if it is written, of that weekday."""
    today = timezone.localdate()
    for year in range(today.year + 1, today.year - _YEARS_BACK, -1):
        try:
            candidate = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if candidate > today + timedelta(days=1):
            continue
        if not weekday or _WEEKDAYS[candidate.weekday()] == weekday:
            return year
    raise ValueError(weekday)


def _moment_of(found: re.Match[str], year: int, zone: ZoneInfo) -> datetime:
    value = datetime(  # noqa: DTZ001  # the zone follows
        year,
        int(found["month"]),
        int(found["day"]),
        _hour(found),
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    written = found["zone"]
    if not written:
        return value.replace(tzinfo=zone)
    offset = _ZONES.get(written.upper(), written)
    return datetime.fromisoformat(value.isoformat() + offset)


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"] or 0)
    half = (found["half"] or found["half_after"] or "").upper()
    if half in {"午後", "PM"} and hour < 12:
        return hour + 12
    if half in {"午前", "AM"} and hour == 12:
        return 0
    return hour
