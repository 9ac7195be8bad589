"""A mail server that an admin has typed, and that means us harm."""

import time

import pytest

from agentdesk import http_client as outbound
from conversations.adapters.email import imap, patience
from conversations.adapters.email.imap import mailbox
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.choices import DeliveryState, FailureCode
from conversations.connections.connection import connection_of
from tests.conversations.adapters.email.mailbox import sent
from tests.conversations.hostile import HostileServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with HostileServer() as server:
        server.speaks_first = True
        yield server


@pytest.mark.parametrize(
    ("drip", "pause"), [(b"220-welcome\r\n", 0.0), (b"2", 0.02), (b"220-x\r\n", 0.02)]
)
def test_a_server_that_never_ends_its_greeting_lets_the_worker_go(
    server, box, agent, monkeypatch, drip, pause
):
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.5)
    monkeypatch.setattr(patience, "MOST_BYTES", 100_000)
    server.drip, server.pause = drip, pause
    message = box.get()
    place = {"smtp_host": "127.0.0.1", "smtp_port": str(server.port)}
    box.set(kind="imap", smtp_security="none", **place)
    began = time.monotonic()
    assert box.reply(agent, "お待ちください").status_code == 201
    assert time.monotonic() - began < 10
    reply = sent(message.conversation)
    assert (reply.state, reply.failure) == (DeliveryState.QUEUED, FailureCode.NETWORK)


def test_a_mail_that_a_mailbox_only_claims_to_be_small_is_not_kept(
    server, box, monkeypatch
):
    monkeypatch.setattr(imap, "MOST_BYTES", 1000)
    server.answer = b"* OK [CAPABILITY IMAP4rev1] ready\r\n* 1 FETCH (BODY[] {3000}\r\n"
    server.drip = b"x" * 1000
    place = {"imap_host": "127.0.0.1", "imap_port": str(server.port)}
    box.set(kind="imap", imap_security="none", username="a", **place)
    box.secret(password="right")
    settings = Setting(connection_of(box.inbox))
    refused = pytest.raises(SendError, match="3000 bytes at once")
    with refused as raised, mailbox(settings):
        pass
    assert raised.value.code == FailureCode.NETWORK
