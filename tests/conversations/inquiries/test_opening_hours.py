"""When an account is open: tables of hours, days and zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import redis
from django.conf import settings

from agentdesk.accounts.models import ClosedDay, OpeningHours
from conversations.routing.hours import Interval, Schedule
from conversations.routing.opening import is_holiday, is_open, opening
from tests.conversations.webchat.chat import ChatVisitor

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = [
    Interval(weekday, *hours)
    for weekday in range(5)
    for hours in ((time(9), time(12)), (time(13), time(18)))
]


def schedule(intervals=WEEK, zone=TOKYO, closed=()):
    return Schedule(zone, intervals, lambda day: day in closed)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-24 08:59:59", False),
        ("2026-11-24 09:00:00", True),
        ("2026-11-24 11:59:59", True),
        ("2026-11-24 12:00:00", False),  # lunch
        ("2026-11-24 12:59:59", False),
        ("2026-11-24 13:00:00", True),
        ("2026-11-24 18:00:00", False),
        ("2026-11-28 10:00:00", False),  # Saturday
    ],
)
def test_several_intervals_a_day(at, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=TOKYO)
    assert schedule().is_open(moment) is expected
    assert schedule().is_open(moment.astimezone(UTC)) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-27 23:59:59", True),
        ("2026-11-28 00:00:00", True),  # the next day's own interval
        ("2026-11-28 01:59:59", True),
        ("2026-11-28 02:00:00", False),
    ],
)
def test_an_evening_that_goes_past_midnight(at, expected):
    night = [Interval(4, time(20), time(0)), Interval(5, time(0), time(2))]
    moment = datetime.fromisoformat(at).replace(tzinfo=TOKYO)
    assert schedule(night).is_open(moment) is expected


def test_a_closed_day_closes_whatever_the_hours_say():
    closed = schedule(closed={date(2026, 11, 24)})
    assert not closed.is_open(datetime(2026, 11, 24, 10, tzinfo=TOKYO))
    # Still the 24th in UTC, already the 25th in Tokyo.
    assert closed.is_open(datetime(2026, 11, 25, 9, 30, tzinfo=TOKYO))


def test_without_hours_it_is_always_open():
    assert schedule([]).is_open(datetime(2026, 11, 28, 3, tzinfo=TOKYO))


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2026-03-27T07:59", False),  # winter: 08:59 in Berlin
        ("2026-03-27T08:00", True),
        ("2026-03-30T06:59", False),  # summer: 08:59
        ("2026-03-30T07:00", True),
        ("2026-10-23T15:59", True),
        ("2026-10-23T16:00", False),
        ("2026-10-26T16:59", True),
        ("2026-10-26T17:00", False),
    ],
)
def test_hours_follow_the_clocks_of_the_place(utc, expected):
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert schedule(zone=BERLIN).is_open(moment) is expected


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24 08:00", "2026-11-24 09:00"),
        ("2026-11-24 12:30", "2026-11-24 13:00"),
        ("2026-11-27 18:00", "2026-11-30 09:00"),  # over the weekend
    ],
)
def test_the_next_opening(at, opens):
    moment = datetime.fromisoformat(at).replace(tzinfo=TOKYO)
    expected = datetime.fromisoformat(opens).replace(tzinfo=TOKYO)
    assert schedule().next_opening(moment) == expected


def test_nothing_opens_that_is_always_closed():
    never = Schedule(TOKYO, WEEK, lambda day: True)
    assert never.next_opening(datetime(2026, 11, 24, 10, tzinfo=TOKYO)) is None


def test_japanese_holidays_are_known():
    assert is_holiday("JP", date(2026, 11, 23))  # 勤労感謝の日
    assert not is_holiday("JP", date(2026, 11, 24))
    assert not is_holiday("XX", date(2026, 11, 23))


def test_an_account_is_open_by_its_rows(account, webchat):
    at = datetime(2026, 11, 23, 10, tzinfo=TOKYO)  # a Monday and a holiday
    OpeningHours.objects.create(
        account=account, weekday=0, opens=time(9), closes=time(18)
    )
    assert is_open(account, at)
    account.closed_on_holidays = True
    assert not is_open(account, at)
    account.closed_on_holidays = False
    ClosedDay.objects.create(account=account, day=at.date())
    assert not is_open(account, at)
    assert opening(webchat, at).next_opening == at.replace(hour=9) + timedelta(days=7)


def test_the_visitor_is_told_whether_somebody_is_there(webchat, account):
    visitor = ChatVisitor(webchat)
    assert visitor.begin()["opening"] == {"answers": False, "open": True, "next": None}
    with redis.Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.set(f"agentdesk:staffed:{account.pk}", 1, ex=60)
    assert visitor.begin()["opening"]["answers"]
