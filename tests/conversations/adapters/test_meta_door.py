"""Meta at the door: its question, its signature, and what we ask of it in return."""

import json
from dataclasses import replace

import pytest
from django.test import Client

from agentdesk import crypto as credentials
from conversations.adapters.meta_graph.errors import failure, requested_wait_of
from conversations.connections.connection import adapter_of
from tests.conversations.meta import simulated
from tests.conversations.providers import PROVIDERS

pytestmark = pytest.mark.django_db(transaction=True)
CHANNELS = ["instagram", "messenger", "whatsapp"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_meta_is_answered_when_it_asks_with_the_token_the_admin_chose(
    channel, account, queue
):
    inbox = PROVIDERS[channel].connected(account, queue)
    question = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    address = f"/hooks/{inbox.key}/"
    right = {**question, "hub.verify_token": "meta-asks-for-this"}
    answer = Client().get(address, right)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")
    for wrong in ("", "meta-asks-for-that", "あ"):
        query = {**question, "hub.verify_token": wrong}
        assert Client().get(address, query).status_code == 403
    assert Client().get(address, {**right, "hub.mode": "x"}).status_code == 403


def test_an_app_secret_that_was_rotated_still_verifies_for_a_while(
    account, queue, time_machine
):
    provider = PROVIDERS["messenger"]
    inbox = provider.connected(account, queue)
    connection = inbox.connection
    connection.earlier_secrets = connection.secrets
    new = {**provider.secrets, "app_secret": "f" * 32}
    connection.secrets = credentials.seal(json.dumps(new))
    time_machine.move_to("2026-11-25T10:00:00+00:00", tick=False)
    connection.earlier_until = "2026-11-25T11:00:00+00:00"
    connection.save()
    assert provider.post(inbox, provider.write("一")).status_code == 200
    assert provider.post(inbox, provider.write("二"), secrets=new).status_code == 200
    time_machine.move_to("2026-11-25T11:00:01+00:00", tick=False)
    assert provider.post(inbox, provider.write("三")).status_code == 403


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_check_asks_meta_for_what_is_missing_and_then_finds_nothing(
    channel, account, queue, settings
):
    with simulated(channel, account, queue, settings) as meta:
        report = adapter_of(meta.inbox).check()
        assert report.findings == []
        assert report.name == meta.inbox.name
        assert report.token_expires_at is not None
        (callback,) = meta.simulator.callbacks.values()
        assert callback["callback_url"] == meta.connection.public_url


def test_the_check_leaves_another_systems_address_alone(account, queue, settings):
    with simulated("messenger", account, queue, settings) as meta:
        theirs = {"object": "page", "callback_url": "https://other.example.jp/hook"}
        meta.simulator.callbacks["page"] = {**theirs, "fields": [], "active": True}
        (finding,) = adapter_of(meta.inbox).check().findings
        assert "another address" in finding
        assert (
            meta.simulator.callbacks["page"]["callback_url"] == theirs["callback_url"]
        )


def test_the_check_says_that_the_token_is_of_another_page(account, queue, settings):
    more = {"page_id": "999000999"}
    with simulated("messenger", account, queue, settings, **more) as meta:
        connections = meta.simulator.connections()
        connections[0].settings["page_id"] = "682498171943165"
        findings = adapter_of(meta.inbox).check().findings
    assert any("another page" in one for one in findings)
    assert any("does not send us its events" in one for one in findings)


def test_the_check_says_that_the_token_is_void(account, queue, settings):
    with simulated("whatsapp", account, queue, settings) as meta:
        connections = meta.simulator.connections()
        secrets = {**meta.connection.secrets, "access_token": "another-token"}
        connections[0] = replace(meta.connection, secrets=secrets)
        findings = adapter_of(meta.inbox).check().findings
    assert [one for one in findings if "no longer valid" in one] == findings


@pytest.mark.parametrize(
    ("status", "error", "code", "is_permanent", "is_ambiguous"),
    [
        (400, {"code": 10, "error_subcode": 2018278}, "window", True, False),
        (400, {"code": 10, "error_subcode": 2534022}, "window", True, False),
        (403, {"code": 10}, "permission", True, False),
        (403, {"code": 200}, "permission", True, False),
        (400, {"code": 551, "error_subcode": 1545041}, "blocked", True, False),
        (400, {"code": 100, "error_subcode": 2018001}, "recipient", True, False),
        (400, {"code": 100}, "refused", True, False),
        (401, {"code": 190, "error_subcode": 460}, "credentials", True, False),
        (400, {"code": 613}, "rate", False, False),
        (400, {"code": 131047}, "window", True, False),
        (400, {"code": 131026}, "recipient", True, False),
        (400, {"code": 131049}, "cap", True, False),
        (400, {"code": 131056}, "rate", False, False),
        (429, {"code": 130429}, "rate", False, False),
        (400, {"code": 131051}, "content", True, False),
        (400, {"code": 132000}, "template", True, False),
        (400, {"code": 132015}, "template", True, False),
        (400, {"code": 133010}, "set_up", True, False),
        (400, {"code": 368}, "permission", True, False),
        (500, {"code": 1}, "provider", False, True),
        (500, {"code": 2}, "provider", False, False),
        (503, {}, "provider", False, True),
        (400, {"code": "?"}, "refused", True, False),
    ],
)
def test_what_meta_refuses_is_told_in_words_an_agent_can_act_on(
    status, error, code, is_permanent, is_ambiguous
):
    refusal = failure(status, error, requested_wait=None)
    assert (refusal.code, refusal.permanent, refusal.is_ambiguous) == (
        code,
        is_permanent,
        is_ambiguous,
    )


def test_meta_says_in_minutes_when_it_may_be_asked_again():
    use = {"type": "messenger", "estimated_time_to_regain_access": 7}
    headers = {"x-business-use-case-usage": json.dumps({"682498171943165": [use]})}
    assert requested_wait_of(headers) == 420
    assert failure(400, {"code": 613}, requested_wait=420).retry_after == 420
    for odd in ("", "{", "[]", '{"1": 3}', '{"1": [{"x": 1}]}'):
        assert requested_wait_of({"x-business-use-case-usage": odd}) is None
