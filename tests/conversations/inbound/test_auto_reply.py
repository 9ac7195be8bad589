"""What an inbox says by itself, and when it holds its tongue."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from agentdesk.accounts.models import OpeningHours
from agentdesk.jobs.registry import sweep_of
from conversations.inbound.tasks import release_held
from conversations.inboxes.actions.inbox import change_inbox
from conversations.models import Inbox, Inquiry, Message
from tests.conversations.double import post_event

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # noon in Tokyo


@pytest.fixture
def inbox(filled_in, account, time_machine) -> Inbox:
    time_machine.move_to(TUESDAY)
    account.closed_on_holidays = False
    account.save(update_fields=["closed_on_holidays"])
    OpeningHours.objects.create(
        account=account, weekday=1, opens=time(9), closes=time(18)
    )
    texts = {"greeting": "ありがとうございます。", "away": "本日は終了しました。"}
    change_inbox(filled_in, actor=None, values=texts)
    Inbox.objects.filter(pk=filled_in.pk).update(state="live")
    return Inbox.objects.get(pk=filled_in.pk)


def replies() -> list[str]:
    rows = Message.objects.filter(direction="outbound").order_by("pk")
    return [one.body for one in rows]


def test_a_new_inquiry_is_greeted_once_through_the_provider(inbox, client, double):
    post_event(client, inbox, 1)
    post_event(client, inbox, 2)
    assert replies() == ["ありがとうございます。"]
    assert double.sent == [("+819012345678", "ありがとうございます。")]
    message = Message.objects.get(direction="outbound")
    assert (message.author, message.state) == (None, "sent")
    assert message.data["automatic"] is True
    assert Inquiry.objects.get().waiting_since  # the customer waits all the same


def test_a_redelivery_says_nothing_again(inbox, client, double):
    for _time in range(3):
        post_event(client, inbox, 1)
    assert len(double.sent) == 1


def test_outside_the_hours_it_says_so_once(inbox, client, double, time_machine):
    time_machine.move_to(TUESDAY + timedelta(hours=8))
    post_event(client, inbox, 1)
    post_event(client, inbox, 2)
    assert replies() == ["本日は終了しました。"]


def test_automatic_mail_is_never_answered(inbox, client, double):
    post_event(client, inbox, automatic=True)
    assert Message.objects.filter(direction="inbound").count() == 1
    assert replies() == []


def test_two_robots_fall_silent_after_three_replies_in_a_day(
    inbox, client, double, time_machine
):
    for number in range(1, 6):
        post_event(client, inbox, number)
        long_ago = timezone.now() - timedelta(days=30)
        Inquiry.objects.update(status="closed", closed_at=long_ago)
    assert Inquiry.objects.count() == 5
    assert len(replies()) == 3
    time_machine.move_to(TUESDAY + timedelta(days=7))
    post_event(client, inbox, 6)
    assert len(replies()) == 4


def test_the_hours_of_the_inbox_come_before_those_of_the_company(inbox, client, double):
    change_inbox(inbox, actor=None, values={"hours": {"1": ["13:00-14:00"]}})
    post_event(client, inbox)
    assert replies() == ["本日は終了しました。"]


def test_in_part_the_chosen_hours_hold(inbox, client, double):
    Inbox.objects.filter(pk=inbox.pk).update(
        state="partial", partial_hours={"1": ["10:00-11:00"]}
    )
    post_event(client, inbox)
    assert replies() == ["本日は終了しました。"]


def test_what_waited_for_long_is_not_greeted(inbox, client, double, time_machine):
    Inbox.objects.filter(pk=inbox.pk).update(state="stopped")
    post_event(client, inbox)
    time_machine.move_to(TUESDAY + timedelta(hours=2))
    Inbox.objects.filter(pk=inbox.pk).update(state="live")
    sweep_of(release_held)()
    assert Message.objects.filter(direction="inbound").count() == 1
    assert replies() == []


def test_without_texts_nothing_is_said(filled_in, client, double):
    Inbox.objects.filter(pk=filled_in.pk).update(state="live")
    post_event(client, filled_in)
    assert Message.objects.filter(direction="inbound").exists()
    assert replies() == []
