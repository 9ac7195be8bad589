"""Opening hours as pure arithmetic: weekly intervals, closed days, time zones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_END_OF_DAY = time(0, 0)
_SEARCHED_DAYS = 60
_SEARCHED_CLOSINGS = 14
_SEARCHED_STRETCHES = 60


@dataclass(frozen=True)
class Interval:
    """One opening of a weekday (0 is Monday). `closes` 00:00 is the end of the day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Schedule:
    """No interval at all means always open, but for closed days."""

    zone: ZoneInfo
    intervals: Sequence[Interval]
    is_closed_day: Callable[[date], bool]

    def is_open(self, at: datetime) -> bool:
        """`at` is aware; an interval holds its first minute and not its last."""
        local = at.astimezone(self.zone)
        if self.is_closed_day(local.date()):
            return False
        if not self.intervals:
            return True
        return any(
            interval.weekday == local.weekday() and _holds(interval, local.time())
            for interval in self.intervals
        )

    def next_closing(self, at: datetime) -> datetime | None:
        """When it closes, open as it is at `at`; None where that is a fortnight off."""
        local = at.astimezone(self.zone)
        for _day in range(_SEARCHED_CLOSINGS):
            local = self._end_of(local)
            if not self.is_open(local):
                return local
        return None

    def _end_of(self, local: datetime) -> datetime:
        """The end of the latest interval that holds `local`, or of its day."""
        closings = [
            interval.closes
            for interval in self.intervals
            if interval.weekday == local.weekday() and _holds(interval, local.time())
        ]
        if not closings or _END_OF_DAY in closings:
            tomorrow = local.date() + timedelta(days=1)
            return datetime.combine(tomorrow, time(0, 0), self.zone)
        return datetime.combine(local.date(), max(closings), self.zone)

    def after_open_time(self, at: datetime, span: timedelta) -> datetime:
        """When it will have been open for `span` since `at`, in UTC.

        Where it hardly opens any more, as if it were always open.
        """
        left, moment = span, self._open_from(at)
        for _stretch in range(_SEARCHED_STRETCHES):
            if moment is None:
                break
            end = self._end_of(moment.astimezone(self.zone)).astimezone(UTC)
            if left <= end - moment:
                return moment + left
            left -= end - moment
            moment = self._open_from(end)
        return at.astimezone(UTC) + span

    def _open_from(self, at: datetime) -> datetime | None:
        opens = at if self.is_open(at) else self.next_opening(at)
        return None if opens is None else opens.astimezone(UTC)

    def next_opening(self, at: datetime) -> datetime | None:
        """When it opens next after `at`; None where that is not within two months."""
        local = at.astimezone(self.zone)
        for ahead in range(_SEARCHED_DAYS):
            day = local.date() + timedelta(days=ahead)
            for opens in self._openings(day):
                moment = datetime.combine(day, opens, self.zone)
                if moment > local and self.is_open(moment):
                    return moment
        return None

    def _openings(self, day: date) -> list[time]:
        if self.is_closed_day(day):
            return []
        if not self.intervals:
            return [time(0, 0)]
        return sorted(i.opens for i in self.intervals if i.weekday == day.weekday())


def _holds(interval: Interval, at: time) -> bool:
    at = at.replace(tzinfo=None)
    return interval.opens <= at and (
        interval.closes == _END_OF_DAY or at < interval.closes
    )
