"""A reply for later leaves at its time, once, by the rules of that time, or says why not."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from werkzeug import Response

from agentdesk.audit.models import AuditEntry
from agentdesk.jobs.registry import sweep_of
from conversations.choices import Channel, DeliveryState
from conversations.models import (
    Conversation,
    Draft,
    Inquiry,
    Message,
    Notification,
    Reach,
    ScheduledReply,
)
from conversations.outbound.tasks import deliver
from conversations.replies.tasks import send_scheduled
from tests.conversations.providers import PROVIDERS
from tests.conversations.replies.scheduling import (
    BODY,
    local,
    schedule,
    sent_texts,
    together,
    verb,
)
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
LINE = PROVIDERS[Channel.LINE]


@pytest.fixture
def inbox(account, queue, settings, httpserver):
    settings.UNDO_SECONDS = 5
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    httpserver.expect_request(re.compile(".*")).respond_with_handler(
        lambda _: Response(
            json.dumps({"sentMessages": [{"id": "1", "quoteToken": "q"}]}),
            content_type="application/json",
        )
    )
    return LINE.connected(account, queue, api=True)


@pytest.fixture
def conversation(inbox) -> Conversation:
    LINE.post(inbox, LINE.write("届きません"))
    return Message.objects.get(kind="text").conversation


@pytest.fixture
def http(agent, client_of, settings):
    settings.SESSION_IDLE_MINUTES = 14 * 24 * 60  # the clock goes on by hours
    return client_of(agent)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moving:
        yield moving


def test_until_its_time_nothing_is_answered_and_the_thread_and_list_say_so(
    http, conversation, clock
):
    waiting = Inquiry.objects.get().waiting_since
    schedule(http, conversation)
    page = http.get(reverse("desk:conversation", args=[conversation.pk])).content
    assert BODY in page.decode()
    assert "予約" in http.get(reverse("desk:inquiries")).content.decode()
    clock.shift(timedelta(minutes=100))
    sweep_of(send_scheduled)()
    assert sent_texts() == []
    assert Inquiry.objects.get().waiting_since == waiting
    assert AuditEntry.objects.filter(action="reply.scheduled").exists()


def test_at_its_time_it_leaves_and_counts_as_the_answer_from_then_on(
    http, conversation, clock
):
    schedule(http, conversation)
    clock.shift(timedelta(hours=2, seconds=1))
    now = timezone.now()
    sweep_of(send_scheduled)()
    sweep_of(deliver)()
    message = Message.objects.get(direction="outbound")
    assert message.state == DeliveryState.SENT
    assert message.occurred_at >= now
    assert Inquiry.objects.get().waiting_since is None
    assert not ScheduledReply.objects.exists()
    assert Conversation.objects.get().scheduled == ""


def test_what_is_written_later_and_sent_at_once_does_not_wait_for_it(
    http, conversation, clock
):
    schedule(http, conversation)
    data = {"kind": "reply", "body": "先に", "client_id": str(uuid4())}
    http.post(reverse("desk:compose", args=[conversation.pk]), data)
    clock.shift(6)
    sweep_of(deliver)()
    assert sent_texts() == [("先に", DeliveryState.SENT)]


def test_two_workers_send_it_once(http, conversation, clock):
    schedule(http, conversation)
    clock.shift(timedelta(hours=3))
    row = ScheduledReply.objects.get()
    together(lambda: send_scheduled(row.pk), lambda: send_scheduled(row.pk))
    assert len(sent_texts()) == 1


def test_cancelled_while_it_is_due_it_has_left_or_never_leaves(http, conversation):
    schedule(http, conversation)
    ScheduledReply.objects.update(send_at=timezone.now())
    row = ScheduledReply.objects.get()
    answers = []
    together(
        lambda: send_scheduled(row.pk),
        lambda: answers.append(verb(http, "cancel", conversation, row).status_code),
    )
    has_left = len(sent_texts()) == 1
    assert not has_left or answers[0] in {404, 409}
    assert has_left or answers == [204]
    assert not ScheduledReply.objects.exists()


def test_cancelled_first_it_never_leaves_and_sent_first_it_cannot_be_cancelled(
    http, conversation, clock
):
    schedule(http, conversation)
    row = ScheduledReply.objects.get()
    assert verb(http, "cancel", conversation, row).status_code == 204
    clock.shift(timedelta(hours=3))
    send_scheduled(row.pk)
    assert sent_texts() == []
    clock.shift(timedelta(hours=-3))
    schedule(http, conversation)
    row = ScheduledReply.objects.get()
    clock.shift(timedelta(hours=3))
    send_scheduled(row.pk)
    assert verb(http, "cancel", conversation, row).status_code == 404
    assert len(sent_texts()) == 1


def test_the_same_submission_twice_is_one(http, conversation, clock):
    client = str(uuid4())
    schedule(http, conversation, client_id=client)
    schedule(http, conversation, client_id=client)
    assert ScheduledReply.objects.count() == 1
    clock.shift(timedelta(hours=3))
    sweep_of(send_scheduled)()
    clock.shift(timedelta(hours=-3))
    schedule(http, conversation, client_id=client)
    assert not ScheduledReply.objects.exists()
    assert len(sent_texts()) == 1


def test_the_customer_writes_first_and_it_stays_with_a_notice(
    http, conversation, inbox, agent, clock
):
    schedule(http, conversation)
    LINE.post(inbox, LINE.write("届きました"))
    sweep_of(send_scheduled)()
    clock.shift(timedelta(hours=3))
    sweep_of(send_scheduled)()
    assert sent_texts() == []
    row = ScheduledReply.objects.get()
    assert row.stopped == "overtaken"
    assert Notification.objects.filter(member=agent, kind="overtaken").count() == 1
    assert Message.objects.filter(event="held_back").count() == 1
    page = http.get(reverse("desk:scheduled", args=[conversation.pk])).content.decode()
    assert "お客様が先に書きました" in page
    assert verb(http, "edit", conversation, row).status_code == 204
    assert Draft.objects.get().body == BODY
    assert Conversation.objects.get().scheduled == ""


def test_written_in_the_very_moment_before_it_is_due_it_stops_it(
    http, conversation, inbox, clock
):
    schedule(http, conversation)
    clock.shift(timedelta(hours=2, seconds=1))
    LINE.post(inbox, LINE.write("待って"))
    sweep_of(send_scheduled)()
    assert sent_texts() == []


def test_where_it_does_not_yield_it_leaves_and_its_writer_has_heard(
    http, conversation, inbox, agent, clock
):
    schedule(http, conversation, yields=False)
    LINE.post(inbox, LINE.write("まだですか"))
    sweep_of(send_scheduled)()
    sweep_of(send_scheduled)()
    assert Notification.objects.filter(member=agent, kind="overtaken").count() == 1
    clock.shift(timedelta(hours=3))
    sweep_of(send_scheduled)()
    assert [body for body, _state in sent_texts()] == [BODY]


def test_a_channel_closed_meanwhile_refuses_it_with_its_reason(
    http, conversation, agent, clock
):
    waiting = Inquiry.objects.get().waiting_since
    schedule(http, conversation)
    Reach.objects.update(closed_reason="unfollowed", closed_at=timezone.now())
    clock.shift(timedelta(hours=3))
    sweep_of(send_scheduled)()
    sweep_of(send_scheduled)()
    assert sent_texts() == []
    row = ScheduledReply.objects.get()
    assert row.stopped == "refused"
    assert row.reason
    assert Notification.objects.filter(member=agent, kind="not_sent").count() == 1
    assert Inquiry.objects.get().waiting_since == waiting
    assert verb(http, "send", conversation, row).status_code == 409
    Reach.objects.update(closed_reason="", closed_at=None)
    assert verb(http, "send", conversation, row).status_code == 204
    assert len(sent_texts()) == 1


@pytest.mark.parametrize("ahead", [{"minutes": -1}, {"days": 400}])
def test_a_time_that_is_over_or_too_far_is_refused(http, conversation, ahead):
    schedule(http, conversation, send_at=local(conversation, **ahead), status=422)
    assert not ScheduledReply.objects.exists()


def test_what_is_no_time_sends_nothing_at_once(http, conversation):
    schedule(http, conversation, send_at="tomorrow", status=400)
    assert sent_texts() == []


def test_only_its_writer_or_a_supervisor_decides(
    http, conversation, account, client_of, stranger, supervisor
):
    schedule(http, conversation)
    row = ScheduledReply.objects.get()
    colleague = client_of(MembershipFactory(account=account))
    assert verb(colleague, "cancel", conversation, row).status_code == 403
    assert verb(client_of(stranger), "send", conversation, row).status_code == 404
    assert verb(client_of(supervisor), "send", conversation, row).status_code == 204
    message = Message.objects.get(direction="outbound")
    assert message.author_id == row.author_id


def test_a_writer_who_is_gone_sends_nothing(http, conversation, agent, clock):
    schedule(http, conversation)
    agent.is_active = False
    agent.save()
    clock.shift(timedelta(hours=3))
    sweep_of(send_scheduled)()
    assert sent_texts() == []
    assert ScheduledReply.objects.get().stopped == "refused"
