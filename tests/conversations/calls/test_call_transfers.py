"""Calls that ring at several places, are passed on, or say late whose they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.calls.actions.call import answer_call, start_call
from conversations.calls.actions.wrap_up import save_draft
from conversations.choices import CallState
from conversations.contents.call_lines import CallLines
from conversations.models import Call, ProviderEvent
from tests.factories.accounts import MembershipFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def colleague(account, queue):
    return MembershipFactory(account=account, extension="202")


def at(seconds: float) -> str:
    return (
        timezone.now() - timedelta(minutes=2) + timedelta(seconds=seconds)
    ).isoformat()


def rings_on_screen(client_of, member) -> bool:
    return "03-1234-5678" in shown(client_of, member, "rings/")


def shown(client_of, member, part="") -> str:
    return client_of(member).get(f"/calls/strip/{part}").content.decode()


def test_a_number_told_by_a_later_event_finds_the_customer(pbx, agent, caller):
    pbx.post_event("ringing", **{"from": ""})
    assert Call.objects.get().conversation is None
    pbx.post_event("ended")
    call = Call.objects.get()
    assert call.conversation.customer == caller


def test_a_number_told_after_the_answer_replaces_the_customer_made_for_it(
    pbx, agent, caller
):
    call = pbx.ring("late", **{"from": ""})
    answer_call(call, member=agent)
    made = Call.objects.get().conversation
    assert made.customer != caller
    pbx.post_event("answered", "late")
    call = Call.objects.get()
    assert call.conversation.customer == caller
    assert call.inquiry.owner == agent
    assert not made.inquiries.open().exists()


def test_a_customer_chosen_by_the_member_stays_when_the_number_is_told(
    pbx, agent, caller, account
):
    chosen = CustomerFactory(account=account, given_name="次郎")
    call = pbx.ring("late", **{"from": ""})
    answer_call(call, member=agent, customer=chosen)
    pbx.post_event("answered", "late")
    assert Call.objects.get().conversation.customer == chosen


def test_both_screens_ring_where_two_extensions_do(
    pbx, client_of, agent, colleague, supervisor
):
    pbx.post_event("ringing", to="0355501000", extension="201")
    pbx.post_event("ringing", to="0355501000", extension="202")
    assert rings_on_screen(client_of, agent)
    assert rings_on_screen(client_of, colleague)
    assert not rings_on_screen(client_of, supervisor)
    pbx.post_event("answered", to="0355501000", extension="202")
    assert Call.objects.get().member == colleague
    assert not rings_on_screen(client_of, agent)


def test_a_hunt_group_comes_back_to_the_first(pbx, client_of, agent, colleague):
    for place, extension in enumerate(["201", "202", "201"]):
        pbx.post_event("ringing", extension=extension, at=at(place * 20))
    assert ProviderEvent.objects.count() == 3
    assert rings_on_screen(client_of, agent)
    pbx.post_event("answered", extension="201", at=at(65))
    assert Call.objects.get().member == agent


def test_a_transfer_takes_call_notes_and_inquiry_along(
    pbx, client_of, agent, colleague, caller
):
    call = pbx.ring("a", extension="201", at=at(0))
    pbx.post_event("answered", "a", extension="201", at=at(5))
    save_draft(call, member=agent, lines=CallLines("サイズの件"), version=0)
    pbx.post_event("answered", "a", extension="202", at=at(60))
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.TALKING, colleague)
    assert call.inquiry.owner == colleague
    pbx.post_event("ended", "a", at=at(90))
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.WRAP_UP, colleague)
    assert "サイズの件" in shown(client_of, colleague)
    assert "サイズの件" not in shown(client_of, agent)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (2, 0, 1)])
def test_whoever_answered_last_has_it_in_whatever_order_it_is_told(
    pbx, agent, colleague, caller, order
):
    steps = [
        ("answered", {"extension": "201", "at": at(5)}),
        ("answered", {"extension": "202", "at": at(60)}),
        ("ended", {"at": at(90)}),
    ]
    pbx.post_event("ringing", "a", extension="201", at=at(0))
    for index in order:
        event, fields = steps[index]
        pbx.post_event(event, "a", **fields)
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.WRAP_UP, colleague)


def test_a_transfer_back_gives_it_back(pbx, agent, colleague, caller):
    pbx.post_event("ringing", "a", extension="201", at=at(0))
    for seconds, extension in ((5, "201"), (60, "202"), (80, "201")):
        pbx.post_event("answered", "a", extension=extension, at=at(seconds))
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.TALKING, agent)


def test_a_transfer_to_somebody_busy_waits_for_them(pbx, agent, colleague, caller):
    start_call(colleague, number="0399990000")
    pbx.post_event("ringing", "a", extension="201", at=at(0))
    pbx.post_event("answered", "a", extension="201", at=at(5))
    pbx.post_event("answered", "a", extension="202", at=at(60))
    call = Call.objects.get(provider_call_id="a")
    assert (call.state, call.member) == (CallState.RINGING, colleague)
    assert start_call(agent, number="0399991111").member == agent


def test_an_id_used_again_the_next_day_is_another_call(pbx, agent, caller):
    pbx.post_event("ringing", "7", at=at(0))
    pbx.post_event("ended", "7", at=at(10))
    Call.objects.update(
        rang_at=timezone.now() - timedelta(days=1),
        ended_at=timezone.now() - timedelta(days=1),
    )
    assert not pbx.post_event("ringing", "7", at=at(60)).json()["repeated"]
    first, second = Call.objects.order_by("pk")
    assert (first.state, second.state) == (CallState.MISSED, CallState.RINGING)
    assert second.provider_call_id == "7"


def test_without_a_time_an_id_used_again_the_next_day_is_no_repeat(pbx, agent, caller):
    pbx.post_event("ringing", "7")
    ProviderEvent.objects.update(
        provider_event_id=ProviderEvent.objects.get().provider_event_id.replace(
            timezone.localdate().isoformat(),
            (timezone.localdate() - timedelta(days=1)).isoformat(),
        )
    )
    assert not pbx.post_event("ringing", "7").json()["repeated"]
    assert pbx.post_event("ringing", "7").json()["repeated"]
