"""The bell: what concerns a member is told, and marked once they have seen it."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from conversations.choices import Channel, NotificationKind
from conversations.models import Notification
from conversations.replies.actions.note import add_note
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ConversationFactory
from tests.receiving import receive_message


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="あかり"
    )


@pytest.fixture
def mention(conversation, agent, colleague):
    """The agent names the colleague in a note; what the colleague is told."""

    def mentioning(body="@鈴木 あかり さん、在庫の確認を") -> Notification:
        add_note(conversation, member=agent, body=body, client_id=uuid4())
        return Notification.objects.filter(member=colleague).latest("pk")

    return mentioning


def poll(client, last):
    """What the bell says aloud to a tab that has heard up to `last`."""
    answer = client.get(reverse("desk:notifications"), {"last": last})
    return json.loads(answer.headers.get("HX-Trigger", "{}")).get("notify")


def test_a_second_mention_is_told_while_the_first_is_unseen(
    client_of, colleague, mention
):
    client = client_of(colleague)
    first = mention()
    assert poll(client, 0)["tag"] == f"notification-{first.pk}"
    second = mention("@鈴木 あかり さん、急ぎです")
    assert second.pk != first.pk
    assert first.message != second.message
    notification = poll(client, first.pk)
    assert notification["tag"] == f"notification-{second.pk}"
    assert notification["url"] == reverse("desk:notification", args=[second.pk])
    assert poll(client, second.pk) is None


def test_messages_of_a_customer_are_told_once_until_they_are_seen(
    client_of, agent, conversation, webchat
):
    def arrive():
        return receive_message(
            conversation.customer,
            inbox=webchat,
            channel=Channel.WEBCHAT,
            body="在庫は？",
        ).message

    inquiry = arrive().inquiry
    inquiry.owner = agent
    inquiry.save(update_fields=["owner"])
    arrive()
    newest = arrive()
    notification = Notification.objects.get(kind=NotificationKind.MESSAGE)
    assert (notification.member, notification.message) == (agent, newest)


def test_opening_one_settles_its_customer_and_the_rest_stays(
    client_of, colleague, mention, account
):
    first, second, other = mention(), mention("@鈴木 あかり さん、急ぎです"), mention()
    other.conversation = ConversationFactory(account=account)
    other.save(update_fields=["conversation"])
    client = client_of(colleague)
    answer = client.get(reverse("desk:notification", args=[first.pk]))
    assert answer.status_code == 302
    seen = dict(
        Notification.objects.filter(seen_at__isnull=False).values_list("pk", "seen_at")
    )
    assert seen.keys() == {first.pk, second.pk}
    client.get(reverse("desk:notification", args=[first.pk]))
    assert Notification.objects.get(pk=first.pk).seen_at == seen[first.pk]
    assert Notification.objects.get(seen_at__isnull=True) == other


def test_all_seen_is_only_ones_own(client_of, agent, colleague, mention):
    mine, theirs = mention(), mention()
    Notification.objects.filter(pk=theirs.pk).update(member=agent)
    assert client_of(colleague).post(reverse("desk:all-seen")).status_code == 200
    assert Notification.objects.get(seen_at__isnull=False) == mine


def test_a_colleague_is_found_and_named_by_the_reading(
    client_of, agent, conversation, account
):
    shota = MembershipFactory(
        account=account,
        user__family_name="鈴木",
        user__given_name="翔太",
        user__family_kana="スズキ",
        user__given_kana="ショウタ",
    )
    url = reverse("desk:colleagues", args=[conversation.pk])
    (found,) = client_of(agent).get(url).json()["members"]
    assert (found["name"], found["kana"]) == ("鈴木 翔太", "スズキ ショウタ")
    assert "すずきしょうた" in found["words"]
    assert "suzukishota" in found["words"]
    add_note(conversation, member=agent, body="@すずきしょうた さん", client_id=uuid4())
    assert Notification.objects.get(kind=NotificationKind.MENTION).member == shota
