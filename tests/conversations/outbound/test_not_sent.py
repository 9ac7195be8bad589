"""A reply that does not go is told to its writer, wherever they are by then."""

import json
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from werkzeug import Response

from conversations.choices import Channel, DeliveryState, NotificationKind
from conversations.models import Draft, Message, Notification
from tests.conversations.providers import PROVIDERS
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)
LINE = PROVIDERS[Channel.LINE]
ANY = re.compile(".*")


@pytest.fixture
def conversation(account, queue, settings, httpserver):
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    inbox = LINE.connected(account, queue, api=True)
    LINE.post(inbox, LINE.write("届きません"))
    return Message.objects.get(kind="text").conversation


def provider_answers(httpserver, status, value):
    answer = Response(json.dumps(value), status, content_type="application/json")
    httpserver.expect_request(ANY).respond_with_handler(lambda _: answer)


def reply(agent, conversation):
    http = Client()
    http.force_login(agent.user)
    address = reverse("desk:compose", args=[conversation.pk])
    data = {"kind": "reply", "body": "確認いたします", "client_id": str(uuid4())}
    return http.post(address, data)


def news(client, last=0):
    answer = client.get(reverse("desk:notifications"), {"last": last})
    triggers = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return triggers.get("replies-not-sent", {}).get("replies", [])


def test_its_writer_alone_is_told_with_the_name_and_the_way_back(
    agent, account, conversation, client_of, httpserver
):
    provider_answers(httpserver, *LINE.refused)
    assert reply(agent, conversation).status_code == 201
    message = Message.objects.get(direction="outbound")
    assert message.state == DeliveryState.FAILED
    row = Notification.objects.get(kind=NotificationKind.NOT_SENT)
    assert (row.member, row.message) == (agent, message)
    (one,) = news(client_of(agent))
    assert one["conversation"] == conversation.pk
    assert one["text"] == conversation.customer.name_with_honorific
    page = client_of(agent).get(one["url"])
    assert page.url == reverse("desk:conversation", args=[conversation.pk])
    assert news(client_of(agent), row.pk) == []
    assert news(client_of(MembershipFactory(account=account))) == []


def test_a_reply_that_goes_is_no_news(agent, conversation, client_of, httpserver):
    provider_answers(httpserver, *LINE.accepted)
    reply(agent, conversation)
    assert Message.objects.get(direction="outbound").state == DeliveryState.SENT
    assert not Notification.objects.filter(kind=NotificationKind.NOT_SENT).exists()


def test_the_list_marks_what_the_member_has_begun_and_nobody_else_has(
    agent, account, client_of, webchat
):
    places = [
        ConversationFactory(customer=CustomerFactory(account=account)) for _n in "ab"
    ]
    for place in places:
        receive_message(
            place.customer, inbox=webchat, channel=Channel.WEBCHAT, body="はい"
        )
    address = reverse("desk:draft", args=[places[0].pk])
    client_of(agent).post(address, {"kind": "note", "body": "書きかけ"})
    assert Draft.objects.get().conversation == places[0]
    mine = client_of(agent).get(reverse("desk:inquiries")).content.decode()
    other = MembershipFactory(account=account)
    theirs = client_of(other).get(reverse("desk:inquiries")).content.decode()
    assert mine.count("entry__draft") == 1
    rows = {part.split('"')[0]: part for part in mine.split('data-conversation="')[1:]}
    assert "entry__draft" in rows[str(places[0].pk)]
    assert "entry__draft" not in theirs
