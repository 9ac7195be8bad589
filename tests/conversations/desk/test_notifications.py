"""The bell: what concerns a member, until they have seen it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.choices import CallState, NotificationKind
from conversations.inquiries.actions.notify import notify
from conversations.models import Call, Notification
from tests.conversations.phone import phone_inbox_of
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ConversationFactory
from tests.receiving import receive_message


@pytest.fixture
def colleague(account):
    return MembershipFactory(account=account)


@pytest.fixture
def notified(conversation):
    """Each kind of news for a member, once."""

    def notifying(member) -> list[Notification]:
        return [
            Notification.objects.create(
                account=member.account,
                member=member,
                kind=kind,
                conversation=conversation,
            )
            for kind in (NotificationKind.MENTION, NotificationKind.ASSIGNED)
        ]

    return notifying


def unseen(member) -> int:
    return Notification.objects.filter(member=member, seen_at__isnull=True).count()


def bell(client) -> int:
    """The number on the bell."""
    text = client.get(reverse("desk:notifications")).content.decode()
    found = re.search(r'data-unseen="(\d+)"', text)
    return int(found[1]) if found else 0


def test_what_is_opened_counts_as_seen_and_leads_to_its_conversation(
    client_of, agent, notified, conversation
):
    [first, _second] = notified(agent)
    client = client_of(agent)
    assert bell(client) == 2
    response = client.get(reverse("desk:notification", args=[first.pk]))
    assert response.url == reverse("desk:conversation", args=[conversation.pk])
    first.refresh_from_db()
    assert first.seen_at is not None
    assert bell(client) == unseen(agent) == 0  # what else is new of them as well


def test_one_customer_is_one_entry_with_the_newest_words_and_the_company(
    client_of, agent, notified, conversation, webchat, other_account
):
    MembershipFactory(user=agent.user, account=other_account)
    message = receive_message(
        conversation.customer,
        inbox=webchat,
        channel=webchat.channel,
        body="在庫は\nありますか",
    ).message
    notified(agent)
    notify(agent, NotificationKind.MESSAGE, conversation, message=message)
    another = ConversationFactory(
        customer__account=other_account, customer__family_name="小川"
    )
    notify(agent.user.memberships.last(), NotificationKind.ASSIGNED, another)
    text = client_of(agent).get(reverse("desk:notifications")).content.decode()
    assert text.count("menu__item notification") == 2
    assert "在庫は ありますか" in text
    assert re.search(r'badge--count">3<', text)
    assert "ひなた台所道具" in text
    assert 'data-unseen="4"' in text
    assert text.index("小川") < text.index(conversation.customer.family_name)


def test_opening_a_group_leaves_other_customers_new(client_of, agent, notified):
    [first, _second] = notified(agent)
    another = ConversationFactory(customer__account=agent.account)
    notify(agent, NotificationKind.ASSIGNED, another)
    client = client_of(agent)
    client.get(reverse("desk:notification", args=[first.pk]))
    assert bell(client) == 1


@pytest.mark.usefixtures("warm_process")
def test_the_bell_costs_the_same_however_much_is_new(client_of, agent):
    client = client_of(agent)

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("desk:notifications"))
        return len(made)

    def news(count: int) -> None:
        for conversation in ConversationFactory.create_batch(
            count, customer__account=agent.account
        ):
            notify(agent, NotificationKind.ASSIGNED, conversation)

    news(1)
    cost()
    before = cost()
    news(25)
    assert cost() == before <= 4


def test_all_are_marked_as_seen_at_once_and_only_ones_own(
    client_of, agent, colleague, notified
):
    notified(agent)
    notified(colleague)
    client = client_of(agent)
    answer = client.post(reverse("desk:all-seen"))
    assert "data-unseen" not in answer.content.decode()
    assert (bell(client), unseen(agent), unseen(colleague)) == (0, 0, 2)


def test_nobody_opens_the_news_of_another(
    client_of, agent, colleague, stranger, notified
):
    [theirs, _second] = notified(colleague)
    for member in (agent, stranger):
        path = reverse("desk:notification", args=[theirs.pk])
        assert client_of(member).get(path).status_code == 404
    assert unseen(colleague) == 2


def test_reading_a_conversation_settles_its_news(
    client_of, agent, notified, conversation
):
    notified(agent)
    client = client_of(agent)
    assert client.post(reverse("desk:read", args=[conversation.pk])).status_code == 204
    assert bell(client) == 0


def test_only_what_is_newer_than_the_last_is_said_aloud(client_of, agent, notified):
    [first, second] = notified(agent)
    client, path = client_of(agent), reverse("desk:notifications")
    assert "notify" in client.get(path, {"last": first.pk}).get("HX-Trigger", "")
    assert "HX-Trigger" not in client.get(path, {"last": second.pk})


def test_more_calls_follow_behind_the_button_each_once(client_of, agent, queue):
    now, inbox = timezone.now(), phone_inbox_of(agent.account, queue)
    Call.objects.bulk_create(
        Call(
            account=agent.account,
            inbox=inbox,
            member=agent,
            state=CallState.FINISHED,
            from_number=f"+8190{number:08}",
            rang_at=now - timedelta(minutes=number),
            ended_at=now,
        )
        for number in range(35)
    )
    client = client_of(agent)
    text = client.get(reverse("desk:calls")).content.decode()
    shown = re.findall(r'id="call-(\d+)"', text)
    more = re.search(r'hx-get="([^"]*/calls/more/[^"]*)"', text)
    assert more
    rest = client.get(more[1].replace("&amp;", "&")).content.decode()
    behind = re.findall(r'id="call-(\d+)"', rest)
    assert (len(shown), len(behind)) == (30, 5)
    newest_first = Call.objects.order_by("-rang_at").values_list("pk", flat=True)
    assert [int(pk) for pk in shown + behind] == list(newest_first)
    assert "/calls/more/" not in rest


def test_who_signs_out_is_out_and_has_to_sign_in_again(client_of, agent):
    client = client_of(agent)
    assert client.get("/desk/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/desk/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/desk/").url.startswith("/accounts/login/")
