"""A pick-up code read out on the phone opens the visitor's own conversation, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from agentdesk import crypto as credentials
from agentdesk.audit.models import AuditEntry
from conversations.calls.actions import redeem
from conversations.calls.actions.bind_number import bind_number
from conversations.calls.actions.call import answer_call, end_call, start_call
from conversations.choices import Channel, ThreadEvent
from conversations.exceptions import BusyError, TooManyTriesError, WrongCodeError
from conversations.models import (
    Call,
    Inquiry,
    Message,
    PickupAttempt,
    PickupCode,
    Visitor,
)
from customers.choices import IdentityKind
from customers.people.actions.identify import identify
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.factories.accounts import MembershipFactory
from tests.factories.customers import CustomerFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor(webchat):
    visitor = Visitor.objects.create(
        account=webchat.account, inbox=webchat, page_title="リネンシャツ"
    )
    customer = identify(
        webchat.account,
        IdentityKind.WEB,
        str(visitor.key),
        scope=webchat.key,
        source="webchat",
    )
    visitor.customer = customer
    visitor.save(update_fields=["customer"])
    receive_message(
        customer,
        inbox=webchat,
        channel=Channel.WEBCHAT,
        body="サイズを交換したいです",
        client_id=uuid4(),
    )
    return visitor


def redeem_code(members, code) -> Any:
    return redeem.redeem_code(members, code)


def issue(visitor, code="482915", minutes=15):
    return PickupCode.objects.create(
        account=visitor.account,
        visitor=visitor,
        digest=credentials.digest(f"{visitor.account_id}:{code}"),
        expires_at=timezone.now() + timedelta(minutes=minutes),
    )


def test_a_code_opens_the_visitors_conversation_and_begins_a_call(agent, visitor):
    issue(visitor)
    call = redeem_code([agent], "482915")
    assert call.conversation.customer == visitor.customer
    assert call.picked_up_with_code
    assert call.inquiry.owner == agent
    line = Message.objects.get(event=ThreadEvent.PICKED_UP)
    assert line.conversation == call.conversation
    assert AuditEntry.objects.filter(action="pickup.redeemed").exists()


@pytest.mark.parametrize("typed", ["４８２９１５", "482 915", "482-915", " 482915 "])
def test_the_spelling_of_a_code_is_forgiven(agent, visitor, typed):
    issue(visitor)
    assert redeem_code([agent], typed).conversation.customer == visitor.customer


def test_a_code_is_compared_whole(agent, visitor):
    pickup = issue(visitor)
    tail = "0" if pickup.digest[-1] != "0" else "1"
    pickup.digest = pickup.digest[:-1] + tail
    pickup.save(update_fields=["digest"])
    with pytest.raises(WrongCodeError):
        redeem_code([agent], "482915")
    assert PickupCode.objects.get().spent_at is None


def test_a_code_works_once(agent, supervisor, visitor):
    issue(visitor)
    redeem_code([agent], "482915")
    with pytest.raises(WrongCodeError):
        redeem_code([supervisor], "482915")


def test_racing_members_redeem_a_code_once(account, visitor):
    issue(visitor)
    members = MembershipFactory.create_batch(6, account=account)

    def try_it(member):
        try:
            return redeem_code([member], "482915").pk
        except WrongCodeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        calls = list(pool.map(try_it, members))
    assert calls.count(None) == 5
    assert Call.objects.count() == 1


def test_a_code_expires(agent, visitor):
    issue(visitor, minutes=-1)
    with pytest.raises(WrongCodeError):
        redeem_code([agent], "482915")


def test_a_code_of_another_account_is_wrong_here(stranger, visitor):
    issue(visitor)
    with pytest.raises(WrongCodeError):
        redeem_code([stranger], "482915")
    assert PickupCode.objects.get().spent_at is None


def test_five_wrong_codes_a_minute_are_the_limit(agent, visitor):
    issue(visitor)
    for _attempt in range(5):
        with pytest.raises(WrongCodeError):
            redeem_code([agent], "000000")
    with pytest.raises(TooManyTriesError):
        redeem_code([agent], "482915")
    PickupAttempt.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert redeem_code([agent], "482915")


def test_racing_wrong_codes_do_not_slip_past_the_limit(agent, visitor):
    def guess(number):
        try:
            redeem_code([agent], f"{number:06}")
        except (WrongCodeError, TooManyTriesError) as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(20)))
    assert answers.count(WrongCodeError) == 5
    assert PickupAttempt.objects.count() == 5


def test_other_accounts_of_the_same_person_give_no_more_tries(agent, other_account):
    elsewhere = MembershipFactory(user=agent.user, account=other_account)
    for _attempt in range(5):
        with pytest.raises(WrongCodeError):
            redeem_code([agent, elsewhere], "000000")
    with pytest.raises(TooManyTriesError):
        redeem_code([elsewhere], "000000")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "1\x0023456"])
def test_what_is_no_code_is_a_wrong_try(agent, typed):
    with pytest.raises(WrongCodeError):
        redeem_code([agent], typed)


def test_a_running_call_becomes_the_visitors_and_binds_its_number(
    agent, visitor, account, queue
):
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    ringing = Pbx(phone_inbox_of(account, queue)).ring(**{"from": "0399990000"})
    call = answer_call(ringing, member=agent)
    nobody = call.conversation
    issue(visitor)
    assert redeem_code([agent], "482915") == call
    call.refresh_from_db()
    assert call.conversation.customer == visitor.customer
    assert not Inquiry.objects.open().filter(conversation=nobody).exists()
    identity = bind_number(call, member=agent)
    assert identity.customer == visitor.customer
    assert identity.verified


def test_a_visitor_who_has_not_written_yet_gets_a_conversation(agent, webchat):
    visitor = Visitor.objects.create(account=webchat.account, inbox=webchat)
    issue(visitor)
    call = redeem_code([agent], "482915")
    visitor.refresh_from_db()
    assert call.conversation.customer == visitor.customer


def test_a_wrap_up_is_finished_before_the_next_code(agent, visitor, account):

    call = start_call(agent, customer=CustomerFactory(account=account))
    end_call(call, member=agent)
    issue(visitor)
    with pytest.raises(BusyError):
        redeem_code([agent], "482915")
    assert PickupCode.objects.get().spent_at is None
