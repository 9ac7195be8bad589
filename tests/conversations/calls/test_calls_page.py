"""The page of my calls and of what I have promised, as a browser asks for it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.calls.actions.call import start_call
from conversations.choices import CallState, NotificationKind
from conversations.inquiries.actions.follow_up import (
    add_follow_up,
    notify_due_follow_ups,
)
from conversations.inquiries.tasks import sweep_follow_ups
from conversations.models import (
    Call,
    FollowUp,
    Notification,
)

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def test_a_follow_up_tells_when_it_is_due_and_is_done_by_a_button(
    desk, agent, conversation
):
    due = timezone.now() - timedelta(minutes=1)
    follow_up = add_follow_up(conversation, owner=agent, text="折り返し", due_at=due)
    sweep_follow_ups()
    assert notify_due_follow_ups(timezone.now()) == 0
    assert Notification.objects.get().kind == NotificationKind.FOLLOW_UP
    assert "折り返し" in desk.get("/calls/").content.decode()
    desk.post(f"/calls/follow-ups/{follow_up.pk}/done/", headers=HTMX)
    assert FollowUp.objects.get().done_at is not None
    assert "折り返し" not in desk.get("/calls/").content.decode()
    desk.post(f"/calls/follow-ups/{follow_up.pk}/reopen/", headers=HTMX)
    assert FollowUp.objects.get().done_at is None


def test_an_unknown_number_that_called_in_vain_can_be_called_back(desk, pbx, account):
    pbx.post_event("ringing", **{"from": "0399990000"})
    pbx.post_event("ended", **{"from": "0399990000"})
    assert "03-9999-0000" in desk.get("/calls/").content.decode()
    desk.post(
        "/calls/start/",
        {"account": account.pk, "number": "+81399990000", "direction": "outbound"},
    )
    call = Call.objects.get(direction="outbound")
    assert call.to_number == "+81399990000"


def test_a_page_of_calls_that_was_unfolded_stays_so_when_it_reads_itself_again(
    desk, agent, caller, queue
):
    first = start_call(agent, customer=caller)
    Call.objects.update(state=CallState.FINISHED)
    Call.objects.bulk_create(
        Call(
            account_id=first.account_id,
            inbox_id=first.inbox_id,
            member=agent,
            conversation_id=first.conversation_id,
            state=CallState.FINISHED,
            direction=first.direction,
            provider_call_id=f"call-{number}",
            rang_at=first.rang_at,
        )
        for number in range(31)
    )
    for pages, count in ((["1"], 30), (["1", "1"], 32), (["x", "99999"], 30)):
        html = desk.get("/calls/shown/", {"pages": pages}).content.decode()
        found = re.findall(r'<tr id="call-\d+"', html)
        assert len(found) == count
