"""When a silence is an alarm: pure tables, then the rows they are made from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from conversations.choices import Channel
from conversations.inboxes.actions.roll_up_hours import roll_up_hours, watch_rhythm
from conversations.inboxes.tasks import watch_inboxes
from conversations.models import Delivery, Inbox, InboxHour, Message
from conversations.routing.silence import silence
from tests.factories.customers import CustomerFactory
from tests.receiving import receive_message

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
LONG_AGO = NOW - 6 * WEEK


def usual(each_hour: int, weeks: int = 6) -> dict[datetime, int]:
    """So many in every hour of the weeks before."""
    begin = NOW.replace(minute=0)
    hours = range(1, weeks * 7 * 24 + 1)
    return {begin - number * HOUR: each_hour for number in hours}


@pytest.mark.parametrize(
    ("each_hour", "silent", "alarm"),
    [
        (4, timedelta(hours=1), False),  # 4 expected: chance 2 %
        (4, timedelta(hours=2), True),  # 8 expected: chance 0.03 %
        (1, timedelta(hours=6), False),
        (1, timedelta(hours=7), True),
        (60, timedelta(minutes=5), False),
        (60, timedelta(minutes=8), True),
        (0, timedelta(days=30), False),
    ],
)
def test_the_longer_the_silence_the_less_it_is_chance(each_hour, silent, alarm):
    found = silence(usual(each_hour), last=NOW - silent, first=LONG_AGO, now=NOW)
    assert found.is_suspicious is alarm


def test_a_young_inbox_has_no_rhythm():
    young = NOW - 5 * HOUR - WEEK - timedelta(days=6)
    received = usual(50)
    assert not silence(
        received, last=NOW - 5 * HOUR, first=young, now=NOW
    ).is_suspicious


def test_one_busy_week_makes_no_habit():
    received = {
        NOW.replace(minute=0) - WEEK - number * HOUR: 500 for number in range(9)
    }
    found = silence(received, last=NOW - 8 * HOUR, first=LONG_AGO, now=NOW)
    assert found.expected == 0


def test_a_night_is_measured_by_other_nights():
    day = {hour: count for hour, count in usual(20).items() if 0 <= hour.hour < 9}
    night = NOW.replace(hour=20)
    found = silence(day, last=NOW.replace(hour=9), first=LONG_AGO, now=night)
    assert not found.is_suspicious


def test_a_silence_of_months_is_still_one():
    """Its own empty weeks are no habit."""
    received = {hour - 20 * WEEK: count for hour, count in usual(1).items()}
    found = silence(received, last=NOW - 20 * WEEK, first=NOW - 26 * WEEK, now=NOW)
    assert found.expected == pytest.approx(7 * 24, abs=3)


@pytest.fixture
def receive(webchat, account):
    """Says something at a moment, as a customer."""

    def receive_at(at: datetime) -> Message:
        message = receive_message(
            CustomerFactory(account=account),
            inbox=webchat,
            channel=Channel.WEBCHAT,
            body="在庫はありますか",
        ).message
        Message.objects.filter(pk=message.pk).update(created_at=at)
        return message

    return receive_at


@pytest.mark.django_db
def test_hours_are_counted_again_and_again_the_same(receive, webchat):
    now = timezone.now()
    for minutes in (0, 1, 60 * 30):
        receive(now - timedelta(minutes=minutes))
    reply = receive(now)
    Message.objects.filter(pk=reply.pk).update(direction="outbound", state="sent")
    Delivery.objects.create(
        account=webchat.account,
        message=reply,
        inbox=webchat,
        number=0,
        state="failed",
        settled_at=now,
    )
    for _time in range(3):
        roll_up_hours(now)
    rows = InboxHour.objects.filter(inbox=webchat)
    counted = rows.values_list("received", "sent", "failed")
    totals = [sum(column) for column in zip(*counted, strict=True)]
    assert totals == [3, 1, 1]
    newest = rows.order_by("-hour").first()
    assert newest.last_received_at == now
    receive(now)
    roll_up_hours(now)
    assert sum(rows.values_list("received", flat=True)) == 4


@pytest.mark.django_db
def test_a_silent_inbox_is_named_everywhere_until_it_is_heard(
    receive, webchat, admin, agent, client_of, django_assert_max_num_queries
):
    now = timezone.now().replace(minute=30)
    begin = now.replace(minute=0, second=0, microsecond=0)
    InboxHour.objects.bulk_create(
        InboxHour(
            inbox=webchat,
            hour=begin - number * HOUR,
            received=5,
            last_received_at=begin - number * HOUR,
        )
        for number in range(4, 35 * 24)
    )
    watch_rhythm(now)
    assert Inbox.objects.get(pk=webchat.pk).silent_since == begin - 4 * HOUR
    watch_rhythm(now)
    assert AuditEntry.objects.filter(action="inbox.silent").count() == 1
    desk = client_of(admin)
    overview = desk.get("/settings/kogane/inboxes/").content.decode()
    assert overview.count("いつもより静かです") == 2  # the row, and the line above
    assert "いつもより静かです" in desk.get("/desk/").content.decode()
    assert "いつもより静かです" not in client_of(agent).get("/desk/").content.decode()
    receive(timezone.now())
    watch_inboxes()
    assert Inbox.objects.get(pk=webchat.pk).silent_since is None
    assert "いつもより静かです" not in desk.get("/desk/").content.decode()
