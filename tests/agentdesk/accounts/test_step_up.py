"""What asks for the password again: keys, links and exports."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from conversations.models import InboxApiKey
from tests.agentdesk.accounts.test_session import unlock_path
from tests.conversations.double import double, draft, filled_in
from tests.factories.accounts import PASSWORD

__all__ = ["double", "draft", "filled_in"]
pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}
PEOPLE = "/settings/kogane/people/"


@pytest.fixture
def later(admin, client_of):
    """An admin's browser, ten minutes after the password was given."""
    browser = client_of(admin)
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        yield browser


@pytest.fixture
def addresses(agent, webchat, filled_in) -> list[str]:
    return [
        f"{PEOPLE}invite/",
        f"{PEOPLE}{agent.pk}/reset-link/",
        f"{PEOPLE}{agent.pk}/second-step/",
        f"{PEOPLE}protection/",
        f"/settings/kogane/webchats/{webchat.pk}/secret/",
        f"/settings/kogane/inboxes/{filled_in.pk}/connection/",
        "/audit/export/",
    ]


def test_a_session_left_open_makes_no_key_link_or_export(later, addresses):
    before = AuditEntry.objects.count()
    for address in addresses:
        response = later.post(address, {"role": "admin"}, **HTMX)
        assert (response.status_code, response["X-Step-Up"]) == (401, "1"), address
        assert later.post(address, {"role": "admin"}).url.startswith(
            "/accounts/reauthenticate/"
        ), address
    assert AuditEntry.objects.count() == before
    assert not InboxApiKey.objects.exists()


def test_pages_that_export_or_sign_in_ask_first_too(later, filled_in):
    for address in (
        "/settings/kogane/templates/export/",
        f"/settings/kogane/mailboxes/{filled_in.pk}/sign-in/",
    ):
        redirect = later.get(address)
        assert redirect.url.startswith("/accounts/reauthenticate/"), address
    redirect = later.get("/settings/kogane/templates/export/")
    answer = later.post(redirect.url, {"password": PASSWORD}, follow=True)
    assert answer["Content-Type"].startswith("text/csv")


def test_the_dialog_asks_once_more_and_the_form_then_passes(later, admin):
    query = unlock_path(later)
    quiet = later.get(f"/accounts/unlock/{query}", **HTMX)
    assert quiet.status_code == 204
    address = f"/accounts/unlock/{query}&step-up=1"
    question = later.get(address, **HTMX)
    assert "パスワード" in question.content.decode()
    assert "step-up=1" in question.content.decode()
    assert later.post(address, {"password": "wrong"}, **HTMX).status_code == 422
    assert later.post(address, {"password": PASSWORD}, **HTMX).status_code == 204
    entry = AuditEntry.objects.get(action="user.confirmed")
    assert entry.actor == admin.user
    assert later.post(f"{PEOPLE}invite/", {"role": "agent"}, **HTMX).status_code == 200


def test_a_page_goes_on_with_what_was_sent(later):
    redirect = later.post("/audit/export/", {"what": "user"})
    answer = later.post(redirect.url, {"password": PASSWORD})
    assert answer["Content-Type"].startswith("text/csv")


def test_who_has_just_signed_in_is_not_asked(client, admin):
    client.post("/accounts/login/", {"login": admin.user.email, "password": PASSWORD})
    assert client.post(f"{PEOPLE}invite/", {"role": "agent"}, **HTMX).status_code == 200
