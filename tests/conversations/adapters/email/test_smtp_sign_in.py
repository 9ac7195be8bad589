"""Replies by SMTP from a mailbox at Google or Microsoft, signed in with a token."""

import pytest

from conversations.adapters.email.setting import Setting
from conversations.choices import DeliveryState, FailureCode
from tests.conversations.adapters.email.mailbox import sent
from tests.conversations.adapters.email.smtp_sink import Sink, running
from tests.conversations.adapters.email.test_oauth import page_of
from tests.conversations.adapters.email.tokens import answering

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with running() as sink:
        yield sink


@pytest.fixture
def smtp(server, google, settings, monkeypatch) -> Sink:
    """Google's mail server is one on this machine."""
    settings.ALLOW_PRIVATE_ADDRESSES = True
    server.raws, server.envelopes, server.signed_in = [], [], []
    server.tokens = {"token-1"}
    place = ("127.0.0.1", server.port, "none")
    monkeypatch.setattr(Setting, "smtp", property(lambda _self: place))
    return server


def received(google):
    """A customer's mail, which is answered from the mailbox at Google."""
    google.set(kind="postmark")
    message = google.get()
    google.set(kind="google", plus_addresses="yes")
    google.secret(client_secret="hush", refresh_token="rt-1")
    return message


@pytest.mark.parametrize("kind", ["google", "microsoft"])
def test_a_reply_leaves_with_a_token_in_place_of_a_password(
    google, agent, smtp, httpserver, kind
):
    forms = answering(httpserver, access_token="token-1", expires_in=3600)
    message = received(google)
    google.set(kind=kind)
    google.reply(agent)
    google.reply(agent, "もう一通")
    assert sent(message.conversation).state == DeliveryState.SENT
    assert (
        smtp.signed_in
        == ["user=support@kogane.example\x01auth=Bearer token-1\x01\x01"] * 2
    )
    assert len(smtp.raws) == 2
    assert smtp.last()["Reply-To"].addresses[0].username.startswith("support+")
    assert [one["grant_type"] for one in forms] == ["refresh_token"]


def test_a_token_about_to_end_is_renewed_before_it_is_used(
    google, agent, smtp, httpserver
):
    forms = answering(httpserver, access_token="token-1", expires_in=299)
    message = received(google)
    google.reply(agent)
    google.reply(agent, "もう一通")
    assert sent(message.conversation).state == DeliveryState.SENT
    assert len(forms) == 2


def test_a_token_withdrawn_before_its_end_is_replaced_and_the_reply_leaves(
    google, agent, smtp, httpserver
):
    answering(httpserver, access_token="token-1", expires_in=3600)
    message = received(google)
    google.reply(agent)
    httpserver.clear()
    forms = answering(httpserver, access_token="token-2", expires_in=3600)
    smtp.tokens = {"token-2"}
    google.reply(agent, "もう一通")
    assert sent(message.conversation).state == DeliveryState.SENT
    assert [one.rpartition(" ")[2].strip("\x01") for one in smtp.signed_in] == [
        "token-1",
        "token-1",
        "token-2",
    ]
    assert len(forms) == 1
    assert len(smtp.raws) == 2


def test_a_withdrawn_consent_fails_the_reply_and_asks_an_admin_to_sign_in_again(
    google, agent, admin, smtp, httpserver, client_of
):
    answering(httpserver, status=400, error="invalid_grant")
    message = received(google)
    google.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (
        DeliveryState.FAILED,
        FailureCode.CREDENTIALS,
    )
    assert not smtp.raws
    page = client_of(admin).get(page_of(google)).content.decode()
    assert "更新が必要" in page
    httpserver.clear()
    answering(httpserver, access_token="token-1", expires_in=3600)
    google.reply(agent, "もう一通")
    assert sent(message.conversation).state == DeliveryState.SENT
    page = client_of(admin).get(page_of(google)).content.decode()
    assert "更新が必要" not in page


def test_a_mail_server_that_takes_no_token_at_all_is_not_asked_for_ever(
    google, agent, smtp, httpserver
):
    forms = answering(httpserver, access_token="token-1", expires_in=3600)
    smtp.tokens = set()
    message = received(google)
    google.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (
        DeliveryState.FAILED,
        FailureCode.CREDENTIALS,
    )
    assert len(smtp.signed_in) == 2
    assert len(forms) == 2
