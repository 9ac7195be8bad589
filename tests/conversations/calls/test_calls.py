"""Calls on an agent's screen: begun, held, ended, wrapped up into one phone note."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from conversations.calls.actions.bind_number import bind_number
from conversations.calls.actions.call import (
    answer_call,
    choose_customer,
    end_call,
    hold,
    start_call,
    unhold,
)
from conversations.calls.actions.wrap_up import (
    DraftConflictError,
    WrapUp,
    finish_call,
    save_draft,
)
from conversations.choices import (
    CallOutcome,
    CallState,
    InquiryStatus,
    MessageKind,
)
from conversations.contents.call_lines import CallLines
from conversations.exceptions import BusyError, CallTakenError
from conversations.models import Call, FollowUp, Inquiry, Message
from customers.exceptions import IdentityTakenError
from customers.models import Customer, Identity
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)


def finish(call, agent, **fields):
    fields.setdefault("outcome", CallOutcome.RESOLVED)
    return finish_call(call, member=agent, wrap_up=WrapUp(**fields))


def test_a_call_with_a_new_number_makes_one_customer(agent):
    call = start_call(agent, number="03-9999-0000")
    assert call.conversation.customer.identities.get().value == "+81399990000"
    assert start_call(agent, number="０３９９９９００００") == call
    assert Customer.objects.count() == 1


def test_racing_starts_give_one_call(agent):
    def start(_number):
        try:
            return start_call(agent, number="0399990000").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1
    assert Call.objects.count() == 1


def test_a_second_call_waits_for_the_first(agent, caller):
    start_call(agent, customer=caller)
    with pytest.raises(BusyError):
        start_call(agent, number="0399990000")


def test_a_person_has_one_call_over_all_their_accounts(agent, caller, other_account):
    elsewhere = MembershipFactory(user=agent.user, account=other_account)
    start_call(agent, customer=caller)
    with pytest.raises(BusyError):
        start_call(elsewhere, number="0399990000")


def test_racing_answers_give_the_call_to_one(pbx, account, agent, supervisor, caller):
    call = pbx.ring(to="0355501000")

    def answer(member):
        try:
            return answer_call(call, member=member).member_id
        except CallTakenError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        takers = list(pool.map(answer, [agent, supervisor]))
    assert takers.count(None) == 1
    call.refresh_from_db()
    assert call.member_id in takers


def test_typing_the_number_of_a_ringing_call_answers_it(pbx, agent, caller):
    ringing = pbx.ring()
    assert start_call(agent, number="0312345678") == ringing
    assert Call.objects.count() == 1


def test_hold_is_counted_and_part_of_the_talk_time(agent, caller):
    call = start_call(agent, customer=caller)
    Call.objects.update(answered_at=timezone.now() - timedelta(minutes=5))
    hold(call, member=agent)
    Call.objects.update(held_since=timezone.now() - timedelta(minutes=2))
    hold(call, member=agent)
    unhold(call, member=agent)
    call = end_call(call, member=agent)
    finish(call, agent)
    data = Message.objects.get(kind=MessageKind.PHONE_NOTE).data
    assert 119 <= data["held_seconds"] <= 122
    assert 299 <= data["talk_seconds"] <= 302


def test_notes_are_kept_while_typed_and_become_one_phone_note(agent, caller, account):
    reason = ContactReasonFactory(account=account)
    call = start_call(agent, customer=caller)
    save_draft(call, member=agent, lines=CallLines("サイズ交換のご希望"), version=0)
    call = end_call(call, member=agent)
    assert call.notes.request == "サイズ交換のご希望"
    for _click in range(2):
        finish(call, agent, lines=CallLines("サイズ交換のご希望。Mへ"), reason=reason)
    note = Message.objects.get(kind=MessageKind.PHONE_NOTE)
    assert note.body == "サイズ交換のご希望。Mへ"
    assert note.author == agent
    assert note.data["outcome"] == CallOutcome.RESOLVED
    assert note.inquiry.reason == reason
    assert note.conversation.customer == caller


def test_racing_finishes_write_one_note(agent, caller):
    call = start_call(agent, customer=caller)

    def wrap(_number):
        try:
            finish(call, agent, lines=CallLines("一度だけ"))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(wrap, range(6)))
    assert Message.objects.filter(kind=MessageKind.PHONE_NOTE).count() == 1


def test_the_other_tabs_notes_are_never_overwritten(agent, caller):
    call = start_call(agent, customer=caller)
    save_draft(call, member=agent, lines=CallLines("左のタブ"), version=0)
    with pytest.raises(DraftConflictError) as conflict:
        save_draft(call, member=agent, lines=CallLines("右のタブ"), version=0)
    assert conflict.value.call.notes.request == "左のタブ"
    save_draft(call, member=agent, lines=CallLines("左のタブ"), version=0)


def test_a_card_number_in_the_notes_never_reaches_the_database(agent, caller):
    call = start_call(agent, customer=caller)
    call = save_draft(
        call, member=agent, lines=CallLines("4242 4242 4242 4242"), version=0
    )
    call.refresh_from_db()
    assert "4242 4242" not in call.notes.request
    assert call.notes.request.endswith("4242")


def test_a_follow_up_is_kept_with_its_time(agent, caller):
    due = timezone.now() + timedelta(hours=2)
    call = start_call(agent, customer=caller)
    finish(
        call,
        agent,
        outcome=CallOutcome.CALL_BACK,
        follow_up="在庫を確認して折り返し",
        follow_up_at=due,
    )
    follow_up = FollowUp.objects.get()
    assert (follow_up.due_at, follow_up.owner) == (due, agent)
    assert follow_up.conversation.customer == caller


def test_the_inquiry_is_closed_only_when_asked(agent, caller, account):
    reason = ContactReasonFactory(account=account)
    call = start_call(agent, customer=caller)
    finish(call, agent, reason=reason)
    call.inquiry.refresh_from_db()
    assert call.inquiry.is_open
    call = start_call(agent, customer=caller)
    finish(call, agent, reason=reason, close_inquiry=True)
    call.inquiry.refresh_from_db()
    assert call.inquiry.status == InquiryStatus.DONE


def test_a_wrong_number_needs_no_action(agent, account):
    reason = ContactReasonFactory(account=account)
    call = start_call(agent, number="0399990000")
    finish(
        call,
        agent,
        outcome=CallOutcome.WRONG_NUMBER,
        reason=reason,
        close_inquiry=True,
    )
    call.inquiry.refresh_from_db()
    assert call.inquiry.status == InquiryStatus.DISMISSED


def test_a_call_answered_on_the_handset_waits_for_the_wrap_up(pbx, agent, caller):
    first = start_call(agent, number="0399990000")
    end_call(first, member=agent)
    second = pbx.ring(call_id="second")
    pbx.post_event("answered", "second")
    second.refresh_from_db()
    assert second.state == CallState.RINGING
    finish(first, agent)
    second.refresh_from_db()
    assert second.state == CallState.TALKING
    assert second.inquiry is not None


def test_the_pbx_hanging_up_leads_into_wrap_up(pbx, agent, caller):
    call = pbx.ring(call_id="a")
    answer_call(call, member=agent)
    pbx.post_event("ended", "a")
    call.refresh_from_db()
    assert call.state == CallState.WRAP_UP
    assert call.ended_at is not None


def test_among_several_candidates_the_agent_chooses_while_talking(pbx, agent, caller):
    other = CustomerFactory(account=caller.account, given_name="次郎")
    IdentityFactory(customer=other, kind="whatsapp", value="+81312345678")
    call = answer_call(pbx.ring(), member=agent)
    assert call.conversation is None
    call = choose_customer(call, member=agent, customer=other)
    assert call.conversation.customer == other
    assert call.inquiry.owner == agent


def test_a_number_becomes_a_verified_identity_once_confirmed(agent, account, caller):
    other = CustomerFactory(account=account, given_name="次郎")
    call = start_call(agent, customer=other)
    identity = bind_number(call, member=agent, number="090-5555-0000")
    assert (identity.customer, identity.verified) == (other, True)
    assert identity.value == "+819055550000"


def test_a_number_of_somebody_else_stays_theirs(agent, account, caller):
    other = CustomerFactory(account=account, given_name="次郎")
    call = start_call(agent, customer=other)
    with pytest.raises(IdentityTakenError) as taken:
        bind_number(call, member=agent, number="0312345678")
    assert taken.value.customer == caller
    assert Identity.objects.get().customer == caller


def test_an_empty_customer_made_by_the_ringing_gives_the_number_up(pbx, agent, account):
    known = CustomerFactory(account=account)
    call = answer_call(pbx.ring(**{"from": "0399990000"}), member=agent)
    shell = call.conversation
    call = choose_customer(call, member=agent, customer=known)
    assert not Inquiry.objects.open().filter(conversation=shell).exists()
    identity = bind_number(call, member=agent)
    assert (identity.customer, identity.verified) == (known, True)
