"""A time as people type it: 「明日15時」, "tom 9:30", "3h", 「12/3 10:00」, 「金曜」."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

# The first that fits counts: 明後日 has 明日 within it in no spelling, but comes first.
_DAYS = (
    (r"明後日|あさって|asatte", 2),
    (r"明日|あした|あす|tomorrow|tom\b|ashita|asu", 1),
    (r"今日|きょう|today|kyou?", 0),
)
_WEEKDAYS = (
    (r"月曜?|getsu|mon(?:day)?", 0),
    (r"火曜?|kayou|tue(?:s(?:day)?)?", 1),
    (r"水曜?|sui|wed(?:nesday)?", 2),
    (r"木曜?|moku|thu(?:rs(?:day)?)?", 3),
    (r"金曜?|kin|fri(?:day)?", 4),
    (r"土曜?|doyou|sat(?:urday)?", 5),
    (r"日曜?|nichi|sun(?:day)?", 6),
)
_SPAN = re.compile(
    r"^(\d{1,3})\s*(分|min(?:utes?)?|m|時間|hours?|h|日|days?|d|週間?|weeks?|w)\s*後?$"
)
_UNITS = {"分": "minutes", "m": "minutes", "時": "hours", "h": "hours"}
_LONGER = {"日": 1, "d": 1, "週": 7, "w": 7}
_DATE = re.compile(r"(\d{1,2})\s*[/月]\s*(\d{1,2})\s*日?")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:時]\s*(半|\d{1,2})?\s*分?|(?=\s*[ap]m))")
_LONE = re.compile(r"^(\d{1,2})$")
_AFTERNOON = re.compile(r"午後|ごご|夕方|夜|pm")

Opening = Callable[[date], time]


def typed_moment(text: str, *, now: datetime, opening: Opening) -> datetime | None:
    """None where it is no time. `now` is local; a day without a time begins with `opening`."""
    words = unicodedata.normalize("NFKC", text).strip().lower().lstrip("@ ")
    span = _SPAN.match(words)
    if span:
        return _after(now, int(span[1]), span[2], opening)
    day, rest = _day(words, now.date())
    is_time, clock = _time(rest)
    is_no_date = day is None and _DATE.search(words) is not None
    if not is_time or is_no_date or (clock is None and day is None):
        return None
    if clock is None:
        clock = opening(day or now.date())
    moment = datetime.combine(day or now.date(), clock, tzinfo=now.tzinfo)
    if day is None and moment <= now:
        moment = datetime.combine(
            now.date() + timedelta(days=1), clock, tzinfo=now.tzinfo
        )
    return moment


def _after(now: datetime, count: int, unit: str, opening: Opening) -> datetime:
    if unit[0] in _UNITS:
        return now + timedelta(**{_UNITS[unit[0]]: count})
    day = now.date() + timedelta(days=count * _LONGER[unit[0]])
    return datetime.combine(day, opening(day), tzinfo=now.tzinfo)


def _day(words: str, today: date) -> tuple[date | None, str]:
    """The day that is meant, and the words without it."""
    found = _DATE.search(words)
    if found:
        return _of_calendar(int(found[1]), int(found[2]), today), _cut(words, found)
    for pattern, ahead in _DAYS:
        if found := re.search(pattern, words):
            return today + timedelta(days=ahead), _cut(words, found)
    for pattern, weekday in _WEEKDAYS:
        if found := re.search(rf"(?:来週の?|next\s+)?(?:{pattern})日?", words):
            ahead = (weekday - today.weekday() - 1) % 7 + 1
            return today + timedelta(days=ahead), _cut(words, found)
    return None, words


def _cut(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}".strip()


def _of_calendar(month: int, day: int, today: date) -> date | None:
    """The next day of that name."""
    for year in (today.year, today.year + 1):
        try:
            moment = date(year, month, day)
        except ValueError:
            continue
        if moment >= today:
            return moment
    return None


def _time(words: str) -> tuple[bool, time | None]:
    """Whether the words are a time of day, or none at all; and which."""
    if not words:
        return True, None
    found = _LONE.match(words) or _TIME.search(words)
    if not found:
        return False, None
    hour = int(found[1])
    named = found[2] if found.re is _TIME else None
    minute = 30 if named == "半" else int(named or 0)
    if _AFTERNOON.search(words) and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return False, None
    return True, time(hour, minute)
