"""Two-step sign-in for a whole account, and the pages of operators."""

import pytest
from allauth.mfa.models import Authenticator

from agentdesk.accounts.models import Session, User
from agentdesk.audit.models import AuditEntry
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

PEOPLE = "/settings/kogane/people/"


@pytest.fixture
def boss(admin, client_of):
    return client_of(admin)


def test_sign_in_protection_is_switched_and_locks_nobody_out_of_their_own_switch(
    boss, admin, agent
):
    path, on = f"{PEOPLE}protection/", {"sign_in_protection": "on"}
    assert boss.post(path, on).status_code == 422
    Authenticator.objects.create(user=admin.user, type="totp", data={})
    assert boss.post(path, on).status_code == 200
    admin.account.refresh_from_db()
    assert admin.account.sign_in_protection
    boss.post(path, {})
    admin.account.refresh_from_db()
    assert not admin.account.sign_in_protection
    assert AuditEntry.objects.filter(action="account.changed").count() == 2


def test_django_s_admin_is_for_operators(boss, client):
    assert boss.get("/operator/").status_code == 302
    operator = User.objects.create_superuser("ops@example.jp", PASSWORD)
    client.force_login(operator, "allauth.account.auth_backends.AuthenticationBackend")
    for page in ("", "accounts/user/", "accounts/membership/"):
        assert client.get(f"/operator/{page}").status_code == 200


def test_an_operator_signs_in_where_everybody_does(boss, client):
    """Not by Django's own page, which asks for no second step and counts no tries."""
    operator = User.objects.create_superuser("ops@example.jp", PASSWORD)
    Authenticator.objects.create(user=operator, type="totp", data={})
    typed = {"username": operator.email, "password": PASSWORD}
    for response in (
        client.get("/operator/login/?next=/operator/"),
        client.post("/operator/login/?next=/operator/", typed),
    ):
        assert response.status_code == 302
        assert response.url == "/accounts/login/?next=%2Foperator%2F"
    assert not Session.objects.filter(user=operator).exists()
    assert boss.get("/operator/login/").status_code == 403
