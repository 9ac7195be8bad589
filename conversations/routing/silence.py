"""Whether an inbox is quieter than chance allows, by what it heard in earlier weeks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEKS = 4
# As rare a silence as this is an alarm: it takes seven messages that did not come.
RARE = 0.001
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Silence:
    """`expected` is how many messages usually come in the time nothing came."""

    expected: float

    @property
    def chance(self) -> float:
        """Of hearing nothing when all is well, were arrivals independent (Poisson)."""
        return math.exp(-self.expected)

    @property
    def is_suspicious(self) -> bool:
        return self.chance < RARE


def silence(
    received: Mapping[datetime, int], *, last: datetime, first: datetime, now: datetime
) -> Silence:
    """`heard` is messages by hour (its beginning, in UTC); `first` the oldest known hour.

    Each silent hour, of a week at most, is measured by the same hour of the weeks when
    it was still heard. Of three weeks or more the busiest is left out: one campaign
    makes no usual Tuesday. What was heard for less than two weeks has no rhythm yet.
    """
    weeks = min(WEEKS, (last - first) // WEEK)
    if weeks < 2:
        return Silence(0.0)
    hours = _hours_of(last, min(now, last + WEEK))
    return Silence(sum(share * _usual(received, hour, weeks) for hour, share in hours))


def _hours_of(begin: datetime, end: datetime) -> list[tuple[datetime, float]]:
    """The hours between, with how much of each lies between."""
    hour = begin.replace(minute=0, second=0, microsecond=0)
    parts = []
    while hour < end:
        inside = min(hour + HOUR, end) - max(hour, begin)
        parts.append((hour, inside / HOUR))
        hour += HOUR
    return parts


def _usual(received: Mapping[datetime, int], hour: datetime, weeks: int) -> float:
    counts = sorted(
        received.get(hour - number * WEEK, 0) for number in range(1, weeks + 1)
    )
    counted = counts[:-1] if weeks > 2 else counts
    return sum(counted) / len(counted)
