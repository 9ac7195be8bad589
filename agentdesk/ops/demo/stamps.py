"""Times as PostgreSQL's COPY reads them, from seconds since 1970: fast, and in UTC."""

from datetime import UTC, datetime, timedelta, timezone

DAY = 86_400
JAPAN = timezone(timedelta(hours=9))

_CLOCK = [
    f" {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}+00"
    for second in range(DAY)
]


class _Days(dict[int, str]):
    def __missing__(self, day: int) -> str:
        moment = datetime.fromtimestamp(day * DAY, tz=UTC)
        self[day] = moment.strftime("%Y-%m-%d")
        return self[day]


class _JapaneseDays(dict[int, tuple[str, str]]):
    def __missing__(self, day: int) -> tuple[str, str]:
        moment = datetime.fromtimestamp(day * DAY, tz=UTC)
        self[day] = (f"{moment.month}月{moment.day}日", moment.strftime("%y%m%d"))
        return self[day]


_DAYS = _Days()
_JAPANESE = _JapaneseDays()
_OFFSET = 9 * 3600


def stamp(second: int) -> str:
    day, clock = divmod(second, DAY)
    return _DAYS[day] + _CLOCK[clock]


def spoken_day(second: int) -> str:
    """11月23日, in Japan."""
    return _JAPANESE[(second + _OFFSET) // DAY][0]


def short_day(second: int) -> str:
    """251123, in Japan."""
    return _JAPANESE[(second + _OFFSET) // DAY][1]


def japanese_midnight(second: int) -> int:
    return (second + _OFFSET) // DAY * DAY - _OFFSET
