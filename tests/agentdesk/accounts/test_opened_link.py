"""One-time links: what is behind them has an address without their token."""

import pytest
from django.conf import settings

from agentdesk.accounts.models import Invitation, Membership
from tests.agentdesk.accounts.test_people import invite
from tests.factories.accounts import PASSWORD
from tests.links import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(admin, client_of):
    return client_of(admin)


def test_the_page_behind_a_link_has_no_token_in_its_address(boss, client):
    path = invite(boss)
    response = client.get(path)
    assert (response.status_code, response.url) == (302, "/invitation/")
    assert response["Referrer-Policy"] == "no-referrer"
    cookie = response.cookies[settings.LINK_COOKIE_NAME]
    assert cookie["httponly"]
    token = path.split("/")[-2]
    assert token not in cookie.value
    assert token not in client.get("/invitation/").content.decode()


def test_a_link_opened_is_used_after_signing_out_and_in_on_the_way(
    boss, client_of, agent, stranger, account
):
    guest = client_of(agent)
    page = opened(guest, invite(boss))
    assert guest.post(page).status_code == 422
    guest.post("/accounts/logout/")
    guest.post("/accounts/login/", {"login": stranger.user.email, "password": PASSWORD})
    assert guest.post(page).url == "/"
    assert Membership.objects.filter(user=stranger.user, account=account).exists()


def test_the_page_behind_a_link_is_for_nobody_without_it(client, boss):
    invite(boss)
    assert client.get("/invitation/").status_code == 410
    client.cookies[settings.LINK_COOKIE_NAME] = Invitation.objects.get().token_hash
    assert client.get("/invitation/").status_code == 410
