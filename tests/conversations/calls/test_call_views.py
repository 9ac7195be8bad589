"""The call box and the strip, as a browser asks for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk import crypto as credentials
from conversations.calls.actions.call import start_call
from conversations.choices import CallState, MessageKind
from conversations.inquiries.actions.follow_up import add_follow_up
from conversations.models import (
    Call,
    Message,
    PickupCode,
    Visitor,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def test_the_call_box_shows_who_matches(desk, caller):
    html = desk.get("/calls/find/", {"q": "0312"}).content.decode()
    assert "山田 太郎" in html
    assert "03-1234-5678" in html
    assert f'data-customer="{caller.pk}"' in html


def test_the_call_box_stands_on_every_page(desk):
    html = desk.get("/calls/").content.decode()
    assert "data-call-box" in html
    assert 'id="call-strip"' in html


def test_markup_that_is_typed_is_never_executed(desk):
    html = desk.get("/calls/find/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in html


@pytest.mark.parametrize("typed", ["\x00", "あ" * 5000, "%", "'; drop table", "😀👩‍👧"])
def test_odd_input_finds_nobody_and_breaks_nothing(desk, typed):
    assert desk.get("/calls/find/", {"q": typed}).status_code == 200


def test_enter_opens_the_customers_conversation(desk, caller):
    response = desk.post("/calls/start/", {"customer": caller.pk}, headers=HTMX)
    call = Call.objects.get()
    assert response.headers["HX-Redirect"] == f"/conversations/{call.conversation_id}/"
    assert call.conversation.customer == caller


def test_enter_on_an_unknown_number_begins_a_new_customer(desk, account):
    data = {"account": account.pk, "number": "0399990000"}
    desk.post("/calls/start/", data, headers=HTMX)
    desk.post("/calls/start/", data, headers=HTMX)
    assert Call.objects.get().from_number == "+81399990000"


def test_a_wrong_code_is_said_in_a_sentence(desk):
    response = desk.post("/calls/start/", {"code": "000000"}, headers=HTMX)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_a_code_opens_the_web_conversation(desk, webchat):
    visitor = Visitor.objects.create(account=webchat.account, inbox=webchat)
    PickupCode.objects.create(
        account=webchat.account,
        visitor=visitor,
        digest=credentials.digest(f"{webchat.account_id}:482915"),
        expires_at=timezone.now() + timedelta(minutes=15),
    )
    response = desk.post("/calls/start/", {"code": "482915"}, headers=HTMX)
    assert "/conversations/" in response.headers["HX-Redirect"]
    strip = desk.get("/calls/strip/").content.decode()
    assert 'name="number"' in strip  # asks for the number it does not know


@pytest.mark.parametrize("data", [{}, {"number": "abc"}, {"customer": "x"}])
def test_nothing_to_call_is_refused_in_a_sentence(desk, data):
    response = desk.post("/calls/start/", data, headers=HTMX)
    assert response.status_code == 422


def test_the_strip_carries_the_call_from_page_to_page(desk, agent, caller):
    start_call(agent, customer=caller, number="0312345678")
    html = desk.get("/calls/").content.decode()
    assert 'data-state="talking"' in html
    assert "03-1234-5678" in html
    assert "call-line-request" in html


def test_the_notes_are_saved_and_survive_a_reload(desk, agent, caller):
    call = start_call(agent, customer=caller)
    url = f"/calls/{call.pk}/draft/"
    saved = desk.post(url, {"request": "  丈の長さ\n", "version": 0})
    assert saved.json()["version"] == 1
    assert "丈の長さ" in desk.get("/calls/strip/").content.decode()
    conflict = desk.post(url, {"request": "別の窓", "version": 0})
    assert conflict.status_code == 409
    assert "丈の長さ" in conflict.json()["lines"]["request"]


def test_a_call_runs_through_hold_and_end_to_its_note(desk, agent, caller, account):
    reason = ContactReasonFactory(account=account)
    call = start_call(agent, customer=caller, number="0312345678")
    for step, state in (
        ("hold", CallState.HELD),
        ("unhold", CallState.TALKING),
        ("end", CallState.WRAP_UP),
    ):
        html = desk.post(f"/calls/{call.pk}/{step}/", headers=HTMX).content.decode()
        assert f'data-state="{state}"' in html
    data = {"request": "Mに交換", "outcome": "resolved", "reason": reason.pk}
    done = desk.post(f"/calls/{call.pk}/finish/", data, headers=HTMX)
    again = desk.post(f"/calls/{call.pk}/finish/", data, headers=HTMX)
    assert done.headers["HX-Retarget"] == "#call-strip"
    assert again.status_code == 200
    assert Message.objects.get(kind=MessageKind.PHONE_NOTE).body == "Mに交換"
    assert "Mに交換" not in desk.get("/calls/strip/").content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"outcome": "splendid"},
        {"outcome": "call_back"},
        {"outcome": "call_back", "follow_up_at": "2020-01-01T10:00"},
        {"outcome": "resolved", "follow_up": "x", "follow_up_at": "soon"},
        {"outcome": "resolved", "close_inquiry": "1"},
        {"outcome": "resolved", "reason": "999999"},
        {"outcome": "resolved", "answer": "あ" * 4_901},
    ],
)
def test_an_incomplete_wrap_up_says_what_is_missing(desk, agent, caller, data):
    call = start_call(agent, customer=caller)
    response = desk.post(f"/calls/{call.pk}/finish/", data, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 422
    assert "field__error" in html
    assert "textarea" not in html  # the notes are never replaced
    assert not Message.objects.filter(kind=MessageKind.PHONE_NOTE).exists()


def test_a_ringing_call_pops_for_its_member_only(
    desk, pbx, caller, supervisor, client_of
):
    call = pbx.ring()
    html = desk.get("/calls/strip/rings/").content.decode()
    assert f'data-ring="{call.pk}"' in html
    assert "山田 太郎" in html
    other = client_of(supervisor).get("/calls/strip/rings/").content.decode()
    assert "data-ring=" not in other


def test_a_call_of_the_queue_pops_for_everybody_until_one_takes_it(
    desk, pbx, caller, supervisor, client_of
):
    call = pbx.ring(to="0355501000")
    boss = client_of(supervisor)
    assert "data-ring=" in boss.get("/calls/strip/rings/").content.decode()
    taken = desk.post(f"/calls/{call.pk}/answer/", headers=HTMX)
    assert "HX-Redirect" in taken.headers
    late = boss.post(f"/calls/{call.pk}/answer/", headers=HTMX)
    assert late.status_code == 409
    assert "data-ring=" not in boss.get("/calls/strip/rings/").content.decode()


def test_several_candidates_are_offered_as_a_choice(desk, pbx, caller, account):
    other = CustomerFactory(account=account, given_name="次郎")
    IdentityFactory(customer=other, kind="whatsapp", value="+81312345678")
    call = pbx.ring()
    html = desk.get("/calls/strip/rings/").content.decode()
    assert "山田 太郎" in html
    assert "山田 次郎" in html
    desk.post(f"/calls/{call.pk}/answer/", {"customer": other.pk}, headers=HTMX)
    call.refresh_from_db()
    assert call.conversation.customer == other


def test_the_callers_number_is_bound_after_confirmation(desk, pbx, account):
    known = CustomerFactory(account=account)
    call = pbx.ring(**{"from": "0399990000"})
    desk.post(f"/calls/{call.pk}/answer/", headers=HTMX)
    desk.post(f"/calls/{call.pk}/customer/", {"customer": known.pk}, headers=HTMX)
    assert 'value="yes"' in desk.get("/calls/strip/").content.decode()
    desk.post(f"/calls/{call.pk}/number/", {"answer": "yes"}, headers=HTMX)
    identity = known.identities.get()
    assert (identity.value, identity.verified) == ("+81399990000", True)
    assert 'value="yes"' not in desk.get("/calls/strip/").content.decode()


def test_a_number_of_somebody_else_is_said_to_be_theirs(desk, agent, caller, account):
    other = CustomerFactory(account=account, given_name="次郎")
    call = start_call(agent, customer=other)
    response = desk.post(
        f"/calls/{call.pk}/number/", {"number": "0312345678"}, headers=HTMX
    )
    assert response.status_code == 422
    assert "山田 太郎" in response.content.decode()


def test_another_accounts_calls_are_not_found(
    desk, stranger, client_of, agent, caller, conversation
):
    call = start_call(agent, customer=caller)
    follow_up = add_follow_up(
        conversation, owner=agent, text="折り返し", due_at=timezone.now()
    )
    outside = client_of(stranger)
    for step in ("answer", "customer", "hold", "unhold", "end", "number", "finish"):
        assert outside.post(f"/calls/{call.pk}/{step}/").status_code == 404
    assert outside.get(f"/calls/{call.pk}/draft/").status_code == 404
    for step in ("done", "reopen"):
        url = f"/calls/follow-ups/{follow_up.pk}/{step}/"
        assert outside.post(url).status_code == 404
    for url in ("/calls/", "/calls/strip/", "/calls/find/?q=山田"):
        assert "山田" not in outside.get(url).content.decode().replace(
            "for=山田", ""
        ).replace("“山田”", "").replace("「山田」", "")
    assert outside.post("/calls/start/", {"customer": caller.pk}).status_code == 404


def test_a_colleagues_call_cannot_be_ended(desk, supervisor, caller, account):
    call = start_call(supervisor, customer=caller)
    response = desk.post(f"/calls/{call.pk}/end/", headers=HTMX)
    assert response.status_code == 409
    call.refresh_from_db()
    assert call.state == CallState.TALKING


def test_a_user_of_two_accounts_chooses_where_the_new_customer_goes(
    desk, agent, account, other_account
):
    MembershipFactory(user=agent.user, account=other_account)
    html = desk.get("/calls/find/", {"q": "0399990000"}).content.decode()
    assert f'data-account="{account.pk}"' in html
    assert f'data-account="{other_account.pk}"' in html
