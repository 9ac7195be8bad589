"""POST /api/v1/calls/events: what PBXs tell, in any order, as often as they like."""

import hashlib
import itertools
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from agentdesk.live.valkey import valkey
from conversations.calls.tasks import sweep_calls
from conversations.choices import (
    CallState,
    EventState,
    ThreadEvent,
)
from conversations.inbound.tasks import process_inbox
from conversations.models import (
    Call,
    InboxApiKey,
    Inquiry,
    Message,
    ProviderEvent,
)
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ringing_call_is_the_members_whose_extension_rings(pbx, agent, caller):
    call = pbx.ring()
    assert call.state == CallState.RINGING
    assert call.member == agent
    assert call.from_number == "+81312345678"
    assert call.conversation.customer == caller


def test_a_call_to_the_number_of_the_queue_is_nobodys_yet(pbx, agent):
    call = pbx.ring(to="0355501000")
    assert call.member is None
    assert call.conversation is None


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["ringing", "answered", "ended"]))
)
def test_any_order_and_any_repeat_leave_the_same_call(pbx, agent, caller, order):
    start = timezone.now() - timedelta(seconds=60)
    at = {
        "ringing": start,
        "answered": start + timedelta(seconds=10),
        "ended": start + timedelta(seconds=50),
    }
    for event in [*order, *reversed(order)]:
        pbx.post_event(event, at=at[event].isoformat())
    let_missed_calls_settle_keeping_times()
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.WRAP_UP, agent)
    assert (call.rang_at, call.answered_at, call.ended_at) == (
        at["ringing"],
        at["answered"],
        at["ended"],
    )
    assert call.conversation.customer == caller
    assert call.inquiry.owner == agent
    assert Inquiry.objects.count() == 1
    assert not Message.objects.filter(event=ThreadEvent.MISSED_CALL).exists()


def let_missed_calls_settle_keeping_times():
    """The calls of the order test ended long enough ago already."""
    sweep_calls()


def test_a_repeat_says_so_and_changes_nothing(pbx, agent, caller):
    first = pbx.post_event("ringing").json()
    again = pbx.post_event("ringing").json()
    assert not first["repeated"]
    assert again == {"event": first["event"], "repeated": True}
    assert ProviderEvent.objects.count() == 1
    assert Call.objects.count() == 1


def test_a_late_ringing_does_not_ring(pbx, agent, caller):
    pbx.post_event("ended")
    pbx.post_event("ringing")
    assert Call.objects.get().state == CallState.MISSED


def test_an_answer_on_the_handset_begins_the_call_of_that_member(pbx, agent, caller):
    pbx.post_event("ringing", to="0355501000")
    pbx.post_event("answered", to="0355501000", extension="201")
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.TALKING, agent)
    assert call.inquiry.owner == agent


def test_several_customers_under_one_number_are_not_decided_for_the_agent(
    pbx, agent, caller
):
    other = CustomerFactory(account=caller.account, given_name="次郎")
    IdentityFactory(customer=other, kind="whatsapp", value="+81312345678")
    assert pbx.ring().conversation is None


def test_an_unknown_event_type_is_kept_and_ignored(pbx, agent):
    pbx.post_event("parked")
    event = ProviderEvent.objects.get()
    assert event.state == EventState.IGNORED
    assert "parked" in event.reason
    assert not Call.objects.exists()


def test_an_event_the_broker_lost_is_found_by_the_sweep(pbx, agent, caller, mocker_off):
    pbx.post_event("ringing")
    assert not Call.objects.exists()
    ProviderEvent.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    mocker_off.undo()
    with valkey() as client:
        client.flushdb()
    sweep_of(process_inbox)()
    assert Call.objects.count() == 1
    assert ProviderEvent.objects.get().state == EventState.PROCESSED


@pytest.fixture
def mocker_off(monkeypatch):
    """A broker that takes tasks and forgets them."""
    monkeypatch.setattr(process_inbox, "apply_async", lambda **options: None)
    return monkeypatch


def test_an_event_may_be_processed_twice(pbx, agent, caller):
    pbx.post_event("ringing")
    process_inbox(ProviderEvent.objects.get().inbox_id)
    assert Call.objects.count() == 1


@pytest.mark.parametrize("key", ["", "wrong", "鍵", "a" * 5000])
def test_an_unknown_key_is_refused(pbx, key):
    response = pbx.post({"call_id": "1", "type": "ringing"}, key=key or "?")
    assert response.status_code == 401
    assert not ProviderEvent.objects.exists()


def test_a_revoked_key_is_refused(pbx):
    InboxApiKey.objects.update(revoked_at=timezone.now())
    response = pbx.post({"call_id": "1", "type": "ringing"})
    assert response.status_code == 401


def test_a_key_of_a_web_chat_is_no_key_of_a_telephone(pbx, webchat):
    InboxApiKey.objects.create(
        inbox=webchat, key_hash=hashlib.sha256(b"chat-key").hexdigest()
    )
    response = pbx.post({"call_id": "1", "type": "ringing"}, key="chat-key")
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "required"),
        ({"call_id": "1"}, "type"),
        ({"call_id": "", "type": "ringing"}, "call_id"),
        ({"call_id": "1" * 101, "type": "ringing"}, "call_id"),
        ({"call_id": "a\x00b", "type": "ringing"}, "Control characters"),
        ({"call_id": "1", "type": "ringing", "from": "0" * 101}, "from"),
        ({"call_id": "1", "type": "ringing", "from": 312345678}, "from"),
        ({"call_id": "1", "type": "ringing", "at": "yesterday"}, "at"),
        ({"call_id": "1", "type": "ringing", "direction": "up"}, "direction"),
    ],
)
def test_bad_fields_are_named_in_sentences(pbx, body, words):
    response = pbx.post(body)
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert any(words in error["message"] for error in errors), errors
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"\xff\xfe", b"[" * 8000, b'{"call_id": "\\ud800'],
)
def test_what_is_no_json_object_is_refused(pbx, body):
    response = pbx.post(body)
    assert response.status_code == 422
    assert "JSON object" in response.json()["errors"][0]["message"]


def test_lone_surrogates_are_refused(pbx):
    response = pbx.post(b'{"call_id": "\\ud800", "type": "ringing"}')
    assert response.status_code == 422


@pytest.mark.parametrize("size", [17_000, 3_000_000])
def test_a_body_too_large_is_refused(pbx, size):
    body = json.dumps({"call_id": "1", "type": "ringing", "pad": "x" * size})
    response = pbx.post(body)
    assert response.status_code == 413
    assert "too large" in response.json()["errors"][0]["message"]


def test_a_number_that_is_none_still_rings(pbx, agent):
    call = pbx.ring(**{"from": "anonymous"})
    assert call.from_number == "anonymous"
    assert call.state == CallState.RINGING


def test_an_event_of_the_future_is_taken_as_of_now(pbx, agent):
    call = pbx.ring(at=(timezone.now() + timedelta(days=3)).isoformat())
    assert call.rang_at <= timezone.now()


def test_another_accounts_customer_is_never_found(pbx, agent, other_account):
    stranger = ConversationFactory(customer__account=other_account)
    IdentityFactory(customer=stranger.customer, value="+81312345678")
    assert pbx.ring().conversation is None


def test_the_api_is_described_from_our_own_host_only(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    html = page.content.decode()
    assert "//cdn" not in html
    assert "https://" not in html
    assert "<script>" not in html
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    description = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/calls/events" in description["paths"]
