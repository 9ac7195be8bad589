"""The check of a mail inbox calls the provider: a wrong key is never all set."""

import pytest
from django.test import Client

from conversations.adapters.email.simulator.provider import EspSimulator
from conversations.adapters.simulation.base import route
from conversations.adapters.simulation.wire import Answer
from conversations.choices import FailureCode
from conversations.models import InboxConnection
from tests.conversations.adapters.email.test_esp_out import ESPS, every_esp, providers

__all__ = ["providers"]

pytestmark = pytest.mark.django_db

WRONG = {
    "sendgrid": {"secrets": {"api_key": "nonsense"}},
    "mailgun": {"secrets": {"api_key": "nonsense"}},
    "postmark": {"secrets": {"server_token": "nonsense"}},
    "ses": {"settings": {"access_key_id": "AKIDNONSENSE"}},
}
ALL_SET = "設定は整っています"


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


def check(box, desk) -> str:
    path = f"/settings/kogane/inboxes/{box.inbox.pk}/check/"
    return desk.post(path).content.decode()


def connection(box) -> InboxConnection:
    return InboxConnection.objects.get(inbox=box.inbox)


def complete(box, kind, **wrong):
    """What the form asks for beside what sending needs."""
    settings, secrets = ESPS[kind]
    names = {**settings, "aws_account": "123456789012", **wrong.get("settings", {})}
    box.set(kind=kind, **names)
    box.secret(signing_key="signing-key", **{**secrets, **wrong.get("secrets", {})})


@every_esp
def test_the_right_key_is_known_and_nothing_is_sent(box, desk, providers, kind):
    providers.received(kind)
    complete(box, kind)
    assert ALL_SET in check(box, desk)
    assert connection(box).checked_at is not None
    assert providers.taken == []


@every_esp
def test_a_nonsense_key_is_refused_by_the_provider(box, desk, providers, kind):
    providers.received(kind)
    complete(box, kind, **WRONG[kind])
    assert ALL_SET not in check(box, desk)
    assert connection(box).checked_at is None
    assert connection(box).trouble == FailureCode.CREDENTIALS


def test_a_domain_that_mailgun_does_not_know_is_no_success(box, desk, providers):
    providers.received("mailgun")
    complete(box, "mailgun", settings={"sender_domain": "other.example"})
    assert ALL_SET not in check(box, desk)
    assert "Domain not found" in connection(box).trouble_detail


def test_a_key_that_may_not_send_is_something_to_do(box, desk, providers, monkeypatch):
    scopes = Answer.json({"scopes": ["stats.read"]})
    providers.received("sendgrid")
    complete(box, "sendgrid")
    answer = route("GET", "/scopes")(lambda *_request: scopes)
    monkeypatch.setattr(EspSimulator, "scopes_as_sendgrid", answer)
    page = check(box, desk)
    assert ALL_SET not in page
    assert "Mail Send" in page
