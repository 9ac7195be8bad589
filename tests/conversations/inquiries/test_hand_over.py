"""An inquiry that goes to a colleague with a line of what they should know."""

import pytest
from django.urls import reverse

from agentdesk.live.valkey import valkey
from conversations.choices import CallState, MessageKind, NotificationKind
from conversations.models import Call, Message, Notification
from tests.factories.conversations import InboxFactory, InquiryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inquiry(conversation):
    return InquiryFactory(conversation=conversation)


def post(client, inquiry, **fields):
    return client.post(reverse("desk:assign", args=[inquiry.pk]), fields)


def test_the_note_stands_in_the_thread_and_the_new_owner_is_notified_with_it(
    client_of, supervisor, agent, inquiry
):
    note = "午後に折り返し、とお約束済みです"
    assert post(client_of(supervisor), inquiry, owner=agent.pk, note=note)
    inquiry.refresh_from_db()
    assert inquiry.owner == agent
    message = Message.objects.get(kind=MessageKind.NOTE)
    assert (message.body, message.author) == (note, supervisor)
    assert (message.inquiry, message.direction) == (inquiry, "internal")
    notification = Notification.objects.get(member=agent)
    assert notification.kind == NotificationKind.ASSIGNED
    assert notification.message == message
    bell = client_of(agent).get(reverse("desk:notifications")).content.decode()
    assert note in bell


@pytest.mark.parametrize("note", ["", " \u3000", "\u200b"])
def test_without_words_there_is_no_note(client_of, supervisor, agent, inquiry, note):
    post(client_of(supervisor), inquiry, owner=agent.pk, note=note)
    inquiry.refresh_from_db()
    assert inquiry.owner == agent
    assert not Message.objects.filter(kind=MessageKind.NOTE).exists()


def test_what_is_refused_leaves_no_note(client_of, supervisor, agent, inquiry):
    inquiry.status = "done"
    inquiry.closed_at = inquiry.opened_at
    inquiry.save()
    response = post(client_of(supervisor), inquiry, owner=agent.pk, note="要確認")
    assert response.status_code == 409
    assert not Message.objects.filter(kind=MessageKind.NOTE).exists()


def test_a_card_number_in_it_is_masked(client_of, supervisor, agent, inquiry):
    note = "4242 4242 4242 4242 で決済"
    post(client_of(supervisor), inquiry, owner=agent.pk, note=note)
    assert "4242 4242 4242 4242" not in Message.objects.get(kind="note").body


def test_work_and_presence_stand_beside_each_name(
    client_of, supervisor, agent, inquiry, account
):
    inquiry.owner = agent
    inquiry.save()
    path = reverse("desk:assign", args=[inquiry.pk])

    def choices() -> str:
        return client_of(supervisor).get(path).content.decode()

    assert "担当 1件 · 離席中" in choices()
    with valkey() as client:
        client.set(f"agentdesk:desk:{agent.user_id}", 1)
    assert "担当 1件 · 在席中" in choices()
    Call.objects.create(
        account=account,
        inbox=InboxFactory(account=account),
        conversation=inquiry.conversation,
        member=agent,
        state=CallState.TALKING,
    )
    assert "担当 1件 · 通話中" in choices()
