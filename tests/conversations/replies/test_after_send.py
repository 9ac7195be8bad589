"""A reply and what is done to its inquiry with it: both or neither, and both are undone."""

import json
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.models import ClosedDay, OpeningHours
from conversations.choices import InquiryStatus, ThreadEvent
from conversations.models import Inquiry, Message
from tests.conversations.replies.test_withdraw import conversation, http
from tests.factories.conversations import ContactReasonFactory

__all__ = ["conversation", "http"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reason(account):
    return ContactReasonFactory(account=account, name="サイズ交換")


def write(http, conversation, **fields):
    data = {"kind": "reply", "body": "承知しました", "client_id": str(uuid4())}
    return http.post(reverse("desk:compose", args=[conversation.pk]), data | fields)


def sent(answer) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content.decode()
    return json.loads(answer.headers["HX-Trigger"])["composer-sent"]


def take_back(http, detail):
    token = detail["inquiry"]["token"]
    draft = {"kind": "reply", "body": "承知しました", "client_id": str(uuid4())}
    return http.post(detail["undo"], draft | {"token": token})


def test_one_request_sends_and_closes(http, conversation, reason):
    fields = {"then": "close", "reason": reason.pk, "summary": "Mへ"}
    detail = sent(write(http, conversation, **fields))
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.reason, inquiry.summary) == ("done", reason, "Mへ")
    assert inquiry.owner is not None
    assert inquiry.reference in detail["inquiry"]["text"]
    assert Message.objects.filter(event=ThreadEvent.CLOSED).count() == 1


def test_it_is_dismissed_where_that_is_said(http, conversation, reason):
    fields = {"then": "close", "reason": reason.pk, "status": "dismissed"}
    sent(write(http, conversation, **fields))
    assert Inquiry.objects.get().status == InquiryStatus.DISMISSED


def test_without_a_reason_nothing_leaves(http, conversation, other_account):
    theirs = ContactReasonFactory(account=other_account)
    for given in ("", theirs.pk, "x"):
        answer = write(http, conversation, then="close", reason=given)
        assert answer.status_code == 422
    assert not Message.objects.filter(direction="outbound").exists()
    assert Inquiry.objects.get().is_open


def test_what_is_refused_closes_nothing(http, conversation, reason):
    fields = {"then": "close", "reason": reason.pk}
    assert write(http, conversation, seen=0, **fields).status_code == 409
    assert write(http, conversation, body=" ", **fields).status_code == 422
    assert Inquiry.objects.get().is_open


def test_a_snooze_that_is_over_sends_nothing(http, conversation):
    past = {"then": "snooze", "until": "at", "at": "2001-01-01T09:00"}
    assert write(http, conversation, **past).status_code == 422
    far = past | {"at": "9999-01-01T09:00"}
    assert write(http, conversation, **far).status_code == 422
    assert not Message.objects.filter(direction="outbound").exists()


def test_one_request_sends_and_snoozes(http, conversation):
    sent(write(http, conversation, then="snooze", until="three_hours"))
    inquiry = Inquiry.objects.get()
    assert inquiry.snoozed_until > timezone.now() + timedelta(hours=2)
    assert Message.objects.filter(direction="outbound").count() == 1


def test_sent_again_it_closes_nothing_a_second_time(http, conversation, reason):
    fields = {"then": "close", "reason": reason.pk, "client_id": str(uuid4())}
    sent(write(http, conversation, **fields))
    http.post(reverse("desk:reopen", args=[Inquiry.objects.get().pk]))
    assert sent(write(http, conversation, **fields))["inquiry"] is None
    assert Inquiry.objects.get().is_open
    assert Message.objects.filter(direction="outbound").count() == 1


@pytest.mark.parametrize("verb", ["close", "snooze"])
def test_undone_the_reply_is_a_draft_and_the_inquiry_as_it_was(
    http, conversation, reason, verb
):
    given = {"reason": reason.pk, "until": "tomorrow"}
    detail = sent(write(http, conversation, then=verb, **given))
    assert take_back(http, detail).status_code == 204
    inquiry = Inquiry.objects.get()
    assert (inquiry.is_open, inquiry.reason, inquiry.snoozed_until) == (
        True,
        None,
        None,
    )
    assert inquiry.waiting_since is not None
    assert not Message.objects.filter(direction="outbound").exists()


def test_a_reply_is_taken_back_though_the_inquiry_has_changed(
    http, conversation, reason
):
    detail = sent(write(http, conversation, then="close", reason=reason.pk))
    Inquiry.objects.update(summary="別の要約")
    answer = take_back(http, detail)
    assert answer.status_code == 204
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert "返信は取り消しました" in toast["text"]
    assert not Message.objects.filter(direction="outbound").exists()
    assert not Inquiry.objects.get().is_open


def test_a_note_closes_nothing(http, conversation, reason):
    sent(write(http, conversation, kind="note", then="close", reason=reason.pk))
    assert Inquiry.objects.get().is_open


def test_the_morning_is_when_the_account_opens(client_of, agent, conversation, account):
    """On a Friday: on the Saturday it is closed, on the Monday there is a feast."""
    account.closed_on_holidays = False
    account.save(update_fields=["closed_on_holidays"])
    for weekday in range(5):
        OpeningHours.objects.create(
            account=account, weekday=weekday, opens=time(10, 30), closes=time(18)
        )
    friday = timezone.localtime().replace(year=2026, month=12, day=4, hour=15)
    ClosedDay.objects.create(account=account, day="2026-12-07")
    with time_machine.travel(friday, tick=False):
        http = client_of(agent)
        sent(write(http, conversation, then="snooze", until="tomorrow"))
    until = timezone.localtime(Inquiry.objects.get().snoozed_until)
    assert f"{until:%m-%d %H:%M}" == "12-08 10:30"


@pytest.mark.parametrize("name", ["send-and-close", "send-and-snooze"])
def test_its_choices_are_of_the_conversation(
    http, conversation, reason, client_of, stranger, name
):
    path = reverse(f"desk:{name}", args=[conversation.pk])
    answer = http.get(path).content.decode()
    assert "サイズ交換" in answer if name == "send-and-close" else "明日" in answer
    assert client_of(stranger).get(path).status_code == 404


def test_a_picker_costs_the_same_however_much_there_is(
    http, conversation, account, django_assert_max_num_queries
):
    ContactReasonFactory.create_batch(30, account=account)
    for name in ("assign", "reason", "close", "snooze"):
        path = reverse(f"desk:{name}", args=[Inquiry.objects.get().pk])
        with django_assert_max_num_queries(11):
            assert http.get(path).status_code == 200
