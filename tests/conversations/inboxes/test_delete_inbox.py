"""A draft that came to nothing is taken away; what has a history stays."""

import pytest
from django.test import Client

from agentdesk.audit.models import AuditEntry
from conversations.models import Inbox, InboxConnection, Message, ProviderEvent
from tests.conversations.double import post_event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


def url(inbox: Inbox, rest: str = "") -> str:
    return f"/settings/kogane/inboxes/{inbox.pk}/{rest}"


def set_to(desk: Client, inbox: Inbox, state: str) -> None:
    data = {"state": state, "confirmed": "1"}
    assert desk.post(url(inbox, "state/"), data).status_code == 200


def refusal(desk: Client, inbox: Inbox) -> str:
    answer = desk.post(url(inbox, "delete/"))
    assert answer.status_code == 409
    assert Inbox.objects.filter(pk=inbox.pk).exists()
    assert not AuditEntry.objects.filter(action="inbox.deleted").exists()
    return answer.content.decode()


def test_a_draft_is_deleted_with_what_was_filled_in_and_the_log_keeps_its_name(
    filled_in, desk
):
    page = desk.get(url(filled_in)).content.decode()
    assert url(filled_in, "delete/") in page
    answer = desk.post(url(filled_in, "delete/"))
    assert answer.headers["HX-Redirect"] == "/settings/kogane/inboxes/"
    assert not Inbox.objects.filter(pk=filled_in.pk).exists()
    assert not InboxConnection.objects.exists()
    shown = desk.get("/settings/kogane/inboxes/").content.decode()
    assert f"「{filled_in.name}」を削除しました" in shown
    entry = AuditEntry.objects.get(action="inbox.deleted")
    assert entry.before == {"name": filled_in.name, "channel": filled_in.channel}
    assert "窓口: 削除" in desk.get("/audit/").content.decode()
    assert desk.post(url(filled_in, "delete/")).status_code == 404


def test_the_name_of_a_deleted_draft_is_free_again(filled_in, desk):
    desk.post(url(filled_in, "delete/"))
    again = {"channel": "sms", "name": filled_in.name}
    assert desk.post("/settings/kogane/inboxes/new/", again).status_code == 200


def test_the_provider_finds_nothing_there_any_more(filled_in, desk, client, settings):
    settings.INBOX_MEMORY_SECONDS = 60  # this process has not heard of it yet
    assert post_event(client, filled_in, 1).status_code == 200
    ProviderEvent.objects.update(state="ignored")
    desk.post(url(filled_in, "delete/"))
    assert post_event(client, filled_in, 2).status_code == 404
    assert not ProviderEvent.objects.exists()


def test_what_waits_in_a_draft_is_not_thrown_away(filled_in, desk, client):
    post_event(client, filled_in)
    assert "メッセージが届いている" in refusal(desk, filled_in)
    assert ProviderEvent.objects.exists()


def test_a_test_conversation_keeps_it(filled_in, desk, client):
    set_to(desk, filled_in, "test")
    post_event(client, filled_in)
    set_to(desk, filled_in, "draft")
    assert "メッセージが届いている" in refusal(desk, filled_in)
    assert Message.objects.exists()


def test_what_was_live_once_stays(filled_in, desk):
    desk.post(url(filled_in, "check/"))
    for state in ("live", "test", "draft"):
        set_to(desk, filled_in, state)
    assert "一度公開した" in refusal(desk, filled_in)


def test_what_is_no_draft_stays_and_offers_no_deleting(filled_in, desk, webchat):
    set_to(desk, filled_in, "test")
    assert "下書きの窓口だけ" in refusal(desk, filled_in)
    assert url(filled_in, "delete/") not in desk.get(url(filled_in)).content.decode()
    assert "下書きの窓口だけ" in refusal(desk, webchat)


def test_only_an_admin_of_the_company_deletes(
    filled_in, supervisor, stranger, client_of
):
    assert client_of(supervisor).post(url(filled_in, "delete/")).status_code == 403
    assert client_of(stranger).post(url(filled_in, "delete/")).status_code == 404
    assert Inbox.objects.filter(pk=filled_in.pk).exists()
