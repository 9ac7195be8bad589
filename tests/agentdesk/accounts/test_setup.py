"""The first visit to an empty installation."""

import pytest

from agentdesk.accounts.models import ClientAccount, Invitation, Membership, User
from agentdesk.accounts.setup import setup_link
from conversations.models import Inbox, Queue
from conversations.setup.forms.set_up import CompanyForm
from tests.links import opened

pytestmark = pytest.mark.django_db

FIRST = {
    "admin-family_name": "山田",
    "admin-given_name": "花子",
    "admin-email": "Hanako@Example.jp",
    "admin-password": "kumo-no-ue-8",
    "company-name": "こがね洋品店",
    "company-site": "https://shop.example.jp/top",
    "company-colour": "teal",
    "company-locale": "ja",
    "company-time_zone": "Asia/Tokyo",
    "company-phone_region": "JP",
}


def path_of(link: str | None) -> str:
    assert link is not None
    return link


def test_link_sets_up_admin_company_and_chat_and_ends_on_the_line_to_paste(client):
    path = path_of(setup_link())
    assert "最初のクライアント企業" in client.get(path, follow=True).content.decode()
    response = client.post(opened(client, path), FIRST)
    assert response.url == "/setup/done/"
    admin = Membership.objects.get()
    assert (admin.role, admin.user.email) == ("admin", "hanako@example.jp")
    account = ClientAccount.objects.get()
    assert (account.name, account.colour) == ("こがね洋品店", "teal")
    assert Queue.objects.get(account=account).is_default
    assert set(Inbox.objects.values_list("channel", flat=True)) == {"phone", "webchat"}
    chat = Inbox.objects.get(channel="webchat")
    assert chat.webchat.allowed_origins == ["https://shop.example.jp"]
    page = client.get("/setup/done/").content.decode()
    assert f"http://testserver/chat/{chat.key}.js" in page


def test_link_works_once(client):
    path = path_of(setup_link())
    client.post(opened(client, path), FIRST)
    assert client.get(path, follow=True).status_code == 410
    assert client.post(opened(client, path), FIRST).status_code == 410
    assert User.objects.count() == 1
    assert setup_link() is None


def test_forged_link_leads_nowhere(client):
    setup_link()
    page = client.get("/setup/forged/")
    assert page.status_code == 404
    assert "このリンクは無効です" in page.content.decode()
    assert client.post("/setup/forged/", FIRST).status_code == 405


def test_newer_link_ends_the_one_before(client):
    first = path_of(setup_link())
    second = path_of(setup_link())
    assert client.get(first, follow=True).status_code == 410
    assert client.get(second, follow=True).status_code == 200


def test_invitation_to_an_account_sets_nothing_up(client, admin, client_of):
    made = client_of(admin).post("/settings/kogane/people/invite/", {"role": "agent"})
    token = made.context["link"].split("/")[-2]
    assert client.get(f"/setup/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("admin-password", "password"),
        ("admin-email", "nobody"),
        ("company-name", " "),
        ("company-colour", "mud"),
        ("company-time_zone", "Mars/Base"),
        ("company-site", "javascript:alert(1)"),
    ],
)
def test_wrong_field_is_said_and_nothing_is_made(client, field, value):
    response = client.post(
        opened(client, path_of(setup_link())), FIRST | {field: value}
    )
    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert not User.objects.exists()
    assert not ClientAccount.objects.exists()
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("site", ["http://[abc", "https://user:pw@shop.example.jp"])
def test_a_site_that_is_no_origin_is_refused_with_a_sentence(site):
    form = CompanyForm({f"{CompanyForm.prefix}-site": site})
    form.is_valid()
    assert "site" in form.errors
