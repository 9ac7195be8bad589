"""The opening hours an account has, as values. Whether it is open is decided elsewhere."""

from collections.abc import Mapping
from datetime import date, time

import holidays
from django.utils.translation import get_language

from agentdesk.accounts.models import ClientAccount, OpeningHours

Interval = tuple[time, time]  # a closing time of 00:00 is the end of the day
Week = dict[int, list[Interval]]


def week_of(account: ClientAccount) -> Week:
    """The intervals of each weekday (0 is Monday), in order."""
    week: Week = {weekday: [] for weekday in range(7)}
    for row in OpeningHours.objects.filter(account=account):
        week[row.weekday].append((row.opens, row.closes))
    return week


def written(week: Week) -> dict[str, list[str]]:
    """The week as the audit log keeps it; days without hours are left out."""
    return {
        str(weekday): [f"{a:%H:%M}-{b:%H:%M}" for a, b in week[weekday]]
        for weekday in sorted(week)
        if week[weekday]
    }


def week_from(stored: Mapping[str, list[str]]) -> Week:
    """The week that `written` made `kept` of."""
    week: Week = {weekday: [] for weekday in range(7)}
    for weekday, spans in stored.items():
        for span in spans:
            opens, _dash, closes = span.partition("-")
            interval = time.fromisoformat(opens), time.fromisoformat(closes)
            week[int(weekday)].append(interval)
    return week


def coming_holidays(
    region: str, today: date, *, count: int = 8
) -> list[tuple[date, str]]:
    """The next national holidays of a region, named in the reader's language."""
    wanted = "en_US" if (get_language() or "ja").startswith("en") else "ja"
    years = [today.year, today.year + 1]
    try:
        calendar = holidays.country_holidays(region)
    except NotImplementedError:
        return []
    language = (
        wanted if wanted in calendar.supported_languages else calendar.default_language
    )
    found = holidays.country_holidays(region, years=years, language=language)
    return sorted((day, name) for day, name in found.items() if day >= today)[:count]
