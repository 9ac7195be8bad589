"""Signing in to Google and Microsoft mailboxes, and the tokens that do it afterwards."""

import base64
import hashlib
import socketserver
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from conversations.adapters.email import imap as imap_module
from conversations.adapters.email import oauth
from conversations.adapters.email.imap import mailbox
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.connections.connection import connection_of, unsealed
from conversations.connections.renew_secrets import connected
from conversations.inbound.mailboxes.watch import Watch
from conversations.models import Inbox, InboxConnection
from tests.conversations.adapters.email.smtp_sink import free_port
from tests.conversations.adapters.email.tokens import answering

pytestmark = pytest.mark.django_db


def leave(google, client):
    path = f"/settings/{google.inbox.account.slug}/mailboxes/{google.inbox.pk}/sign-in/"
    answer = client.get(path)
    assert answer.status_code == 302
    return urlsplit(answer["Location"]), parse_qs(urlsplit(answer["Location"]).query)


def page_of(google) -> str:
    return f"/settings/{google.inbox.account.slug}/inboxes/{google.inbox.pk}/"


@pytest.mark.parametrize(
    ("kind", "name"), [("google", "Google"), ("microsoft", "Microsoft")]
)
def test_the_page_of_a_mailbox_leads_to_the_sign_in_of_its_provider(
    google, admin, client_of, kind, name
):
    google.set(kind=kind)
    page = client_of(admin).get(page_of(google)).content.decode()
    path = f"/settings/{google.inbox.account.slug}/mailboxes/{google.inbox.pk}/sign-in/"
    assert f'href="{path}"' in page
    assert f"{name} でサインイン" in page
    assert "https://desk.example.jp/settings/mailboxes/signed-in/" in page
    assert "まだ誰も" in page


def test_a_mailbox_with_a_password_has_no_sign_in(google, admin, client_of):
    google.set(kind="imap")
    page = client_of(admin).get(page_of(google)).content.decode()
    assert "/sign-in/" not in page


def test_a_sign_in_that_is_refused_asks_for_another(google, admin, client_of):
    google.secret(client_secret="hush", refresh_token="rt-1")
    page = client_of(admin).get(page_of(google)).content.decode()
    assert "更新が必要" not in page
    google.inbox.connection.trouble = "credentials"
    google.inbox.connection.save(update_fields=["trouble"])
    page = client_of(admin).get(page_of(google)).content.decode()
    assert "更新が必要" in page


def test_an_admin_signs_in_with_proof_that_it_was_us_who_asked(
    google, admin, client_of, httpserver
):
    forms = answering(
        httpserver, access_token="at", refresh_token="rt-1", expires_in=3600
    )
    client = client_of(admin)
    address, query = leave(google, client)
    assert address.hostname == "accounts.google.com"
    assert query["redirect_uri"] == [
        "https://desk.example.jp/settings/mailboxes/signed-in/"
    ]
    assert query["access_type"] == ["offline"]
    back = f"/settings/mailboxes/signed-in/?code=c1&state={query['state'][0]}"
    answer = client.get(back)
    assert answer.status_code == 302
    assert answer["Location"] == page_of(google)
    page = client.get(answer["Location"]).content.decode()
    assert "サインインしました" in page
    assert "Google でサインイン" in page  # again, whenever one wants to
    digest = hashlib.sha256(forms[0]["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert query["code_challenge"] == [challenge]
    google.inbox.refresh_from_db()
    assert connection_of(google.inbox).secrets["refresh_token"] == "rt-1"
    assert AuditEntry.objects.filter(action="inbox.signed_in").exists()
    assert client.get(back).status_code == 404  # once


@pytest.mark.parametrize("state", ["", "another"])
def test_a_forged_return_keeps_nothing(google, admin, client_of, state):
    client = client_of(admin)
    leave(google, client)
    back = f"/settings/mailboxes/signed-in/?code=c1&state={state}"
    assert client.get(back).status_code == 404
    assert connection_of(google.inbox).secrets["refresh_token"] == ""


def test_an_agent_may_not_sign_a_mailbox_in(google, agent, client_of):
    slug, pk = google.inbox.account.slug, google.inbox.pk
    path = f"/settings/{slug}/mailboxes/{pk}/sign-in/"
    assert client_of(agent).get(path).status_code == 403


def test_a_token_is_asked_for_once_and_again_five_minutes_before_its_end(
    google, httpserver, time_machine
):
    forms = answering(httpserver, access_token="at", expires_in=3600)
    google.secret(client_secret="hush", refresh_token="rt-1")
    settings = Setting(connection_of(google.inbox))
    time_machine.move_to(timezone.now(), tick=False)
    for _time in range(3):
        assert oauth.access_token(settings) == "at"
    assert len(forms) == 1
    time_machine.shift(3600 - 301)
    oauth.access_token(settings)
    assert len(forms) == 1
    time_machine.shift(2)
    oauth.access_token(settings)
    assert len(forms) == 2


def test_a_withdrawn_consent_is_a_matter_of_the_sign_in(google, httpserver):
    answering(httpserver, error="invalid_grant", status=400)
    google.secret(client_secret="hush", refresh_token="rt-1")
    with pytest.raises(SendError) as refused:
        oauth.access_token(Setting(connection_of(google.inbox)))
    assert (refused.value.code, refused.value.permanent) == ("credentials", True)


class _Scripted(socketserver.StreamRequestHandler):
    """An IMAP server that knows XOAUTH2 and nothing else."""

    received: list[bytes] = []

    def handle(self):
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 IDLE] ready\r\n")
        while line := self.rfile.readline():
            tag, _space, words = line.strip().partition(b" ")
            if words.upper().startswith(b"AUTHENTICATE XOAUTH2"):
                self.wfile.write(b"+ \r\n")
                self.received.append(base64.b64decode(self.rfile.readline()))
            elif words.upper().startswith(b"CAPABILITY"):
                self.wfile.write(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 IDLE\r\n")
            self.wfile.write(tag + b" OK done\r\n")


def test_imap_is_entered_with_the_token(google, httpserver, settings, monkeypatch):
    answering(httpserver, access_token="token-1", expires_in=3600)
    google.secret(client_secret="hush", refresh_token="rt-1")
    settings.ALLOW_PRIVATE_ADDRESSES = True
    server = socketserver.TCPServer(("127.0.0.1", free_port()), _Scripted)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    place = ("127.0.0.1", server.server_address[1], "none")
    monkeypatch.setattr(Setting, "imap", property(lambda _self: place))
    try:
        with mailbox(Setting(connection_of(google.inbox))):
            pass
    finally:
        server.shutdown()
        server.server_close()
    expected = f"user={google.inbox.connection.settings['address']}\x01auth=Bearer token-1\x01\x01"
    assert _Scripted.received == [expected.encode()]
    assert imap_module.token_ends_at(Setting(connection_of(google.inbox))) > time.time()


def test_a_token_that_is_rotated_while_sending_is_stored(google, httpserver):
    answering(httpserver, access_token="at", refresh_token="rt-2", expires_in=3600)
    google.secret(client_secret="hush", refresh_token="rt-1")
    adapter = connected(google.inbox)
    assert oauth.access_token(Setting(adapter.connection)) == "at"
    google.inbox.connection.refresh_from_db()
    stored = connection_of(google.inbox).secrets
    assert (stored["refresh_token"], stored["client_secret"]) == ("rt-2", "hush")


def test_the_reader_of_a_mailbox_never_spends_a_token_twice(
    google, httpserver, monkeypatch
):
    """Another process has exchanged it a moment ago: the reader goes on from there."""
    forms = answering(
        httpserver, access_token="at", refresh_token="rt-3", expires_in=3600
    )
    google.secret(client_secret="hush", refresh_token="rt-1")
    watch = Watch(Inbox.objects.select_related("connection").get(pk=google.inbox.pk))
    google.secret(client_secret="hush", refresh_token="rt-2")
    monkeypatch.setattr(Setting, "imap", property(lambda _self: ("", 0, "none")))
    with pytest.raises(SendError, match="no IMAP server"):
        watch._session()
    assert [form["refresh_token"] for form in forms] == ["rt-2"]
    stored = InboxConnection.objects.get(pk=google.inbox.pk)
    assert unsealed(stored.secrets)["refresh_token"] == "rt-3"
