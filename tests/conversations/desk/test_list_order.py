"""What stands first in the list of the desk, and what its rows say."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.access import access_of
from agentdesk.accounts.actions.change_hours import change_hours
from agentdesk.accounts.models import OpeningHours
from conversations.calls.actions.call import end_call, start_call
from conversations.calls.tasks import sweep_calls
from conversations.choices import Channel
from conversations.inquiries.actions.inquiry import assign
from conversations.inquiries.actions.mark_read import mark_read
from conversations.inquiries.selectors.inquiry_list import (
    ListFilter,
    inquiry_list,
    next_waiting,
)
from conversations.inquiries.tasks import sweep_due
from conversations.models import Conversation, Draft, Inquiry
from tests.factories.conversations import ConversationFactory, InboxFactory
from tests.factories.customers import CustomerFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(account, queue):
    return InboxFactory(account=account, queue=queue, channel=Channel.EMAIL)


@pytest.fixture
def line_inbox(account, queue):
    return InboxFactory(account=account, queue=queue, channel=Channel.LINE)


@pytest.fixture
def write(account):
    """Somebody of that name writes to an inbox, so many minutes ago."""

    def writing(name, inbox, minutes=0.0, customer=None):
        customer = customer or CustomerFactory(account=account, family_name=name)
        if not Conversation.objects.filter(customer=customer).exists():
            ConversationFactory(customer=customer)
        return receive_message(
            customer,
            inbox=inbox,
            channel=inbox.channel,
            body=f"{name}です",
            occurred_at=timezone.now() - timedelta(minutes=minutes),
        ).message

    return writing


@pytest.fixture
def listed(client_of, agent):
    """The page, and the family names on it in their order."""

    def reading(view="all"):
        address = reverse("desk:inquiries") + f"?view={view}&status="
        page = client_of(agent).get(address).content.decode()
        return page, re.findall(r'<b class="truncate">(\S+)', page)

    return reading


def test_chats_come_first_and_then_what_is_due_first(write, listed, webchat, mail):
    social = InboxFactory(
        account=webchat.account, queue=webchat.queue, channel=Channel.LINE
    )
    write("前田", mail, 200)  # due in 40 minutes
    write("中村", social, 1)  # due in 29
    write("後藤", mail, 250)  # late
    write("石川", webchat, 1)
    write("小川", webchat, 2)
    assert listed()[1] == ["小川", "石川", "後藤", "中村", "前田"]


def test_who_is_on_the_phone_stands_above_all(
    write, listed, webchat, mail, agent, account
):
    write("石川", webchat, 1)
    caller = write("岡田", mail, 1).conversation.customer
    call = start_call(agent, customer=caller)
    page, names = listed()
    assert names == ["岡田", "石川"]
    assert "通話中" in page
    end_call(call, member=agent)
    assert listed()[1] == ["石川", "岡田"]


def test_nobody_stands_first_for_a_call_that_is_lost(write, listed, webchat, mail):
    write("石川", webchat, 1)
    inquiry = write("岡田", mail, 1).inquiry
    Inquiry.objects.filter(pk=inquiry.pk).update(on_call=True)
    assert listed()[1] == ["岡田", "石川"]
    sweep_calls()
    assert listed()[1] == ["石川", "岡田"]


def test_the_next_to_take_is_not_on_the_phone(write, webchat, agent, mail):
    write("石川", webchat, 1)
    caller = write("岡田", mail, 500).conversation.customer
    start_call(agent, customer=caller)
    access = access_of(agent.user)
    assert next_waiting(access).conversation.customer.family_name == "石川"


@pytest.mark.parametrize(
    ("channel", "minutes", "tone"),
    [
        ("webchat", 2, "neutral"),
        ("webchat", 2.5, "warning"),
        ("webchat", 3.5, "danger"),
        ("line", 20, "neutral"),
        ("line", 25, "warning"),
        ("line", 31, "danger"),
        ("email", 170, "neutral"),
        ("email", 190, "warning"),
        ("email", 241, "danger"),
    ],
)
def test_red_is_what_is_late_and_amber_what_soon_will_be(
    write, listed, account, queue, webchat, channel, minutes, tone
):
    others = {"webchat": webchat}
    inbox = others.get(channel) or InboxFactory(
        account=account, queue=queue, channel=channel
    )
    write("石川", inbox, minutes)
    page, _names = listed()
    assert f'class="waiting" data-tone="{tone}"' in page
    assert page.count('data-tone="danger"') == (tone == "danger")


def test_nothing_becomes_late_while_the_account_is_closed(
    write, listed, account, webchat
):
    now = timezone.now().astimezone(UTC)
    account.time_zone = "UTC"
    account.save(update_fields=["time_zone"])
    another = (now.weekday() + 3) % 7
    OpeningHours.objects.create(
        account=account, weekday=another, opens=time(9), closes=time(18)
    )
    inquiry = write("石川", webchat, 600).inquiry
    inquiry.refresh_from_db()
    day = (now + timedelta(days=3)).date()
    assert inquiry.due_at == datetime.combine(day, time(9, 3), UTC)
    assert 'data-tone="neutral"' in listed()[0]


def test_other_hours_move_what_is_due(write, account, admin, webchat):
    inquiry = write("石川", webchat, 600).inquiry
    inquiry.refresh_from_db()
    before = inquiry.due_at
    another = (timezone.localtime().weekday() + 3) % 7
    week: dict[int, list[tuple[time, time]]] = {day: [] for day in range(7)}
    week[another] = [(time(9), time(18))]
    change_hours(account, actor=admin.user, week=week, closed_on_holidays=False)
    sweep_due()
    inquiry.refresh_from_db()
    assert inquiry.due_at > before + timedelta(hours=20)


def test_a_second_message_does_not_put_off_what_is_due(write, webchat, mail):
    first = write("石川", mail, 100)
    due = Inquiry.objects.get().due_at
    write("石川", mail, 5, customer=first.conversation.customer)
    assert Inquiry.objects.get().due_at == due
    write("石川", webchat, 0, customer=first.conversation.customer)
    inquiry = Inquiry.objects.get()
    assert inquiry.due_at < due
    assert inquiry.waits_live


def test_pages_follow_one_another_in_the_new_order(
    write, agent, webchat, mail, line_inbox
):
    for number in range(4):
        for inbox in (webchat, mail, line_inbox):
            write(f"客{number}", inbox, number * 7)
    access, chosen = access_of(agent.user), ListFilter()
    whole = [row.pk for row in inquiry_list(access, chosen, size=50).rows]
    found, cursor = [], ""
    while True:
        page = inquiry_list(access, chosen, cursor=cursor, size=5)
        found += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert found == whole
    assert len(set(found)) == 12


def test_a_dot_is_for_what_nobody_has_read(write, listed, webchat, agent):
    conversation = write("石川", webchat, 1).conversation
    page, _names = listed()
    assert "entry--unread" in page
    assert "未読" in page
    mark_read(conversation, member=agent)
    page, names = listed()
    assert names == ["石川"]  # and still waits
    assert "entry--unread" not in page
    write("石川", webchat, 0, customer=conversation.customer)
    assert "entry--unread" in listed()[0]


def test_last_words_say_whose_they_are(
    write, listed, webchat, agent, supervisor, client_of
):
    conversation = write("石川", webchat, 1).conversation
    url = reverse("desk:compose", args=[conversation.pk])

    def reply(member, number):
        fields = {
            "client_id": f"00000000-0000-4000-8000-00000000000{number}",
            "kind": "reply",
            "body": "承知しました",
        }
        assert client_of(member).post(url, fields).status_code == 201

    assert ">石川です<" in listed()[0]
    reply(agent, 1)
    assert ">あなた：承知しました<" in listed()[0]
    reply(supervisor, 2)
    assert f">{supervisor.user.family_name}：承知しました<" in listed()[0]


def test_a_draft_of_ones_own_stands_before_the_words(
    write, listed, webchat, agent, supervisor
):
    conversation = write("石川", webchat, 1).conversation
    Draft.objects.create(
        conversation=conversation,
        member=supervisor,
        body="確認し",
    )
    assert "entry__draft" not in listed()[0]
    Draft.objects.create(
        conversation=conversation,
        member=agent,
        body="確認し",
    )
    page, _names = listed()
    assert page.index("下書き") < page.index("石川です")


def test_the_number_of_open_inquiries_is_told_truly(
    listed, account, queue, agent, supervisor, conversation
):
    customers = CustomerFactory.create_batch(120, account=account)
    rows = Conversation.objects.bulk_create(
        Conversation(account=account, customer=one) for one in customers
    )
    Inquiry.objects.bulk_create(
        Inquiry(
            account=account,
            conversation=row,
            queue=queue,
            channel=Channel.EMAIL,
            reference=f"X-{number}",
        )
        for number, row in enumerate(rows)
    )
    assert '<span class="subtle">120</span>' in listed()[0]
    assign(Inquiry.objects.first(), actor=supervisor.user, owner=agent)
    page, _names = listed()
    assert '<span class="subtle">1</span>' in page
    assert '<span class="subtle">119</span>' in page
