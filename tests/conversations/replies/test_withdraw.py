"""A reply waits some seconds before it leaves: its writer may take it back."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from werkzeug import Response

from agentdesk.audit.models import AuditEntry
from agentdesk.jobs.registry import sweep_of
from conversations.choices import Channel, DeliveryState
from conversations.inquiries.actions.inquiry import assign
from conversations.models import Conversation, Draft, Inquiry, Message, Notification
from conversations.outbound.tasks import deliver
from tests.conversations.providers import PROVIDERS
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)
LINE = PROVIDERS[Channel.LINE]


@pytest.fixture
def conversation(account, queue, settings, httpserver) -> Conversation:
    settings.UNDO_SECONDS = 5
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    httpserver.expect_request(re.compile(".*")).respond_with_handler(
        lambda _: Response(
            json.dumps({"sentMessages": [{"id": "1", "quoteToken": "q"}]}),
            content_type="application/json",
        )
    )
    inbox = LINE.connected(account, queue, api=True)
    LINE.post(inbox, LINE.write("届きません"))
    return Message.objects.get(kind="text").conversation


@pytest.fixture
def http(agent, client_of):
    return client_of(agent)


def write(http, conversation, body="確認いたします", kind="reply"):
    data = {"kind": kind, "body": body, "client_id": str(uuid4())}
    answer = http.post(reverse("desk:compose", args=[conversation.pk]), data)
    assert answer.status_code == 201, answer.content.decode()
    return json.loads(answer.headers["HX-Trigger"])["composer-sent"]


def take_back(http, sent, body="確認いたします", **beside):
    draft = {"kind": sent["kind"], "body": body, "client_id": str(uuid4())}
    return http.post(sent["undo"], draft | beside)


def test_it_leaves_when_its_moment_is_over_and_not_before(http, conversation):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        write(http, conversation)
        message = Message.objects.get(direction="outbound")
        clock.shift(4)
        sweep_of(deliver)()
        deliver(message.pk)
        message.refresh_from_db()
        assert message.state == DeliveryState.QUEUED
        clock.shift(2)
        sweep_of(deliver)()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT


def test_taken_back_it_is_a_draft_and_the_customer_waits_as_before(http, conversation):
    before = Inquiry.objects.get()
    preview = Conversation.objects.get().preview
    http.post(reverse("desk:read", args=[conversation.pk]))
    sent = write(http, conversation)
    assert Inquiry.objects.get().waiting_since is None
    assert take_back(http, sent).status_code == 204
    assert not Message.objects.filter(direction="outbound").exists()
    assert Draft.objects.get().body == "確認いたします"
    assert Inquiry.objects.get().waiting_since == before.waiting_since
    assert Conversation.objects.get().preview == preview
    assert not Conversation.objects.get().is_unread
    assert AuditEntry.objects.filter(action="message.withdrawn").exists()
    gone = reverse("desk:message", args=[conversation.pk, sent["message"]])
    assert http.get(gone).status_code == 404


def test_it_comes_before_what_was_begun_since_wherever_its_writer_is(
    http, conversation
):
    sent = write(http, conversation)
    later = {"kind": "reply", "body": "続きです", "client_id": str(uuid4())}
    later["beside"] = json.dumps({"html": "<b>続きです</b>"})
    http.post(reverse("desk:draft", args=[conversation.pk]), later)
    assert take_back(http, sent).status_code == 204
    draft = Draft.objects.get()
    assert draft.body == "確認いたします\n\n続きです"
    assert draft.beside["html"] == "<p>確認いたします</p><b>続きです</b>"


def test_what_was_refused_is_a_draft_before_what_was_begun_since(http, conversation):
    place = reverse("desk:draft", args=[conversation.pk])
    http.post(place, {"kind": "note", "body": "続きです", "client_id": str(uuid4())})
    again = {"kind": "note", "body": "在庫", "client_id": str(uuid4())}
    assert http.post(place, again | {"is_before": "on"}).status_code == 204
    assert Draft.objects.get().body == "在庫\n\n続きです"


def test_its_files_may_go_with_it_again(http, conversation, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("図.txt", "図".encode(), content_type="text/plain")
    upload = reverse("desk:upload", args=[conversation.pk])
    answer = http.post(upload, {"file": file, "kind": "note"})
    key = answer.json()["key"]
    data = {"kind": "note", "body": "見て", "client_id": str(uuid4()), "file": key}
    compose = reverse("desk:compose", args=[conversation.pk])
    answer = http.post(compose, data)
    sent = json.loads(answer.headers["HX-Trigger"])["composer-sent"]
    beside = json.dumps({"files": [key]})
    assert take_back(http, sent, "見て", beside=beside).status_code == 204
    assert Draft.objects.get(is_note=True).beside == {"files": [key]}
    again = data | {"client_id": str(uuid4())}
    assert http.post(compose, again).status_code == 201


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_after_its_moment_it_stays(http, conversation, kind):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sent = write(http, conversation, kind=kind)
        clock.shift(11)
        answer = take_back(http, sent)
    assert answer.status_code == 409
    assert "取り消せません" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    assert Message.objects.filter(pk=sent["message"]).exists()


def test_a_worker_that_was_first_has_sent_it(http, conversation):
    sent = write(http, conversation)
    Message.objects.filter(pk=sent["message"]).update(held_until=timezone.now())
    deliver(sent["message"])
    assert take_back(http, sent).status_code == 409
    message = Message.objects.get(pk=sent["message"])
    assert message.state == DeliveryState.SENT


def test_it_is_its_writers_alone_to_take_back(
    http, conversation, account, client_of, stranger
):
    sent = write(http, conversation)
    colleague = client_of(MembershipFactory(account=account))
    assert take_back(colleague, sent).status_code == 409
    assert take_back(client_of(stranger), sent).status_code == 404
    assert Message.objects.filter(pk=sent["message"]).exists()


def test_replies_leave_in_their_order_though_the_first_is_held(http, conversation):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = write(http, conversation, "一")["message"]
        clock.shift(3)
        second = write(http, conversation, "二")["message"]
        Message.objects.filter(pk=second).update(held_until=None)
        deliver(second)
        assert Message.objects.get(pk=second).state == DeliveryState.QUEUED
        clock.shift(3)
        deliver(first)
    states = Message.objects.filter(pk__in=[first, second]).values_list("state")
    assert set(states) == {(DeliveryState.SENT,)}


def test_a_draft_begun_after_the_message_outlives_it(http, conversation):
    later = {"kind": "reply", "body": "もう一つ", "client_id": str(uuid4())}
    http.post(reverse("desk:draft", args=[conversation.pk]), later)
    write(http, conversation)
    assert Draft.objects.get().body == "もう一つ"


def test_in_the_web_chat_it_is_read_at_once_and_cannot_be_taken_back(
    agent, client_of, webchat, account, settings
):
    settings.UNDO_SECONDS = 5
    chat = ConversationFactory(customer__account=account)
    receive_message(
        chat.customer, inbox=webchat, channel=Channel.WEBCHAT, body="急ぎです"
    )
    assert write(client_of(agent), chat)["undo"] == ""


def undo_button(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]["action"]


def press(http, button):
    return http.post(button["post"], button["values"])


@pytest.mark.parametrize("verb", ["close", "snooze", "assign"])
def test_what_was_done_to_an_inquiry_is_undone(http, conversation, agent, verb, admin):
    inquiry = Inquiry.objects.get()
    assign(inquiry, actor=agent.user, owner=agent)
    reason = ContactReasonFactory(account=agent.account)
    http = http if verb != "assign" else _of(admin, http)
    posted = {
        "close": {"reason": reason.pk, "status": "done", "summary": "済"},
        "snooze": {"until": "tomorrow"},
        "assign": {"owner": admin.pk},
    }[verb]
    fields = ("status", "owner", "reason", "summary", "waiting_since", "closed_at")
    before = Inquiry.objects.values(*fields, "snoozed_until").get()
    answer = http.post(reverse(f"desk:{verb}", args=[inquiry.pk]), posted)
    assert answer.status_code == 204, answer.content.decode()
    assert Inquiry.objects.values(*fields, "snoozed_until").get() != before
    button = undo_button(answer)
    assert press(http, button).status_code == 204
    assert Inquiry.objects.values(*fields, "snoozed_until").get() == before
    assert not Notification.objects.filter(kind="assigned", member=admin).exists()
    assert Message.objects.filter(event="undone").count() == 1
    assert press(http, button).status_code == 409


def _of(member, http):
    http.force_login(member.user, "allauth.account.auth_backends.AuthenticationBackend")
    return http


def test_what_a_colleague_has_changed_since_is_not_undone(http, conversation, agent):
    inquiry = Inquiry.objects.get()
    answer = http.post(reverse("desk:snooze", args=[inquiry.pk]), {"until": "tomorrow"})
    Inquiry.objects.update(snoozed_until=timezone.now() + timedelta(days=9))
    assert press(http, undo_button(answer)).status_code == 409


def test_the_button_is_good_for_a_minute_and_for_whom_it_was_made(
    http, conversation, account, client_of
):
    inquiry = Inquiry.objects.get()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer = http.post(
            reverse("desk:snooze", args=[inquiry.pk]), {"until": "tomorrow"}
        )
        button = undo_button(answer)
        colleague = client_of(MembershipFactory(account=account))
        assert press(colleague, button).status_code == 409
        forged = button | {"values": {"token": "x" + button["values"]["token"]}}
        assert press(http, forged).status_code == 409
        clock.shift(61)
        assert press(http, button).status_code == 409
