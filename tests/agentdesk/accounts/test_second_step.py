"""What a second step withstands: used codes, guesses, and being taken off unasked."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from tests.agentdesk.accounts.test_sign_in import code_now, give_totp, sign_in
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

STEP = "/accounts/2fa/authenticate/"
OFF = "/accounts/2fa/totp/deactivate/"


@pytest.fixture
def agent(agent):
    """With a second step, at a time that stands still: a code lives half a minute."""
    give_totp(agent)
    with time_machine.travel(time.time(), tick=False):
        yield agent


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_code_that_was_used_is_used_up(agent):
    first, second = Client(), Client()
    code = code_now()
    for client in (first, second):
        sign_in(client, agent)
        client.post(STEP, {"code": code})
    assert is_in(first)
    assert not is_in(second)


@pytest.mark.parametrize("minutes", [-3, 3])
def test_a_code_of_another_time_is_none(client, agent, minutes):
    with time_machine.travel(time.time() + minutes * 60):
        code = code_now()
    sign_in(client, agent)
    assert client.post(STEP, {"code": code}).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "\x00", "１２３４５６", "9" * 5000, "-00001"])
def test_an_odd_code_is_refused_with_the_form(client, agent, code):
    sign_in(client, agent)
    response = client.post(STEP, {"code": code})
    assert response.status_code == 200
    assert "field__error" in response.content.decode()


def test_guessing_codes_is_stopped_also_for_the_right_one(client, agent):
    sign_in(client, agent)
    for guess in range(12):
        client.post(STEP, {"code": f"{guess:06}"})
    client.post(STEP, {"code": code_now()})
    assert not is_in(client)


def test_guessing_recovery_codes_is_stopped(client, agent):
    codes = RecoveryCodes.activate(agent.user).get_unused_codes()
    sign_in(client, agent)
    for guess in range(12):
        client.post(STEP, {"code": f"{guess:08}"})
    client.post(STEP, {"code": codes[0]})
    assert not is_in(client)


def test_taking_it_off_asks_who_one_is(client, agent):
    sign_in(client, agent)
    client.post(STEP, {"code": code_now()})
    with time_machine.travel(time.time() + timedelta(minutes=10).total_seconds()):
        answer = client.post(OFF)
        assert answer.status_code == 302
        assert "reauthenticate" in answer.url
        assert Authenticator.objects.filter(user=agent.user, type="totp").exists()
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post(OFF)
    assert not Authenticator.objects.filter(user=agent.user).exists()


def test_whoever_takes_it_off_leaves_a_protected_account(client, agent, account):
    account.sign_in_protection = True
    account.save(update_fields=["sign_in_protection"])
    sign_in(client, agent)
    client.post(STEP, {"code": code_now()})
    assert client.get(reverse("desk:home")).status_code == 200
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    off = client.post(OFF)
    assert not Authenticator.objects.filter(user=agent.user).exists(), off.content
    assert client.get(reverse("desk:home")).url == reverse("mfa_index")
    path = reverse("desk:inquiries")
    assert (
        "account"
        not in client.get(path, headers={"HX-Request": "true"})
        .context["access"]
        .accounts
    )


FORGED = [
    *("", "{}", "[]", "null", "7", "\x00", '"x"', '{"response": {}}', '{"id": 1}'),
    '{"id": "x", "response": {}}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": 7}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "eA",'
    ' "clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA"}}',
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_passkey_lets_nobody_in(client, agent, forged):
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": forged})
    assert answer.status_code in {200, 302}
    sign_in(client, agent)
    answer = client.post(STEP, {"credential": forged})
    assert answer.status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_passkey_is_neither_kept_nor_a_proof(client, agent, forged):
    sign_in(client, agent)
    client.post(STEP, {"code": code_now()})
    for path in ("add", "reauthenticate"):
        address = f"/accounts/2fa/webauthn/{path}/"
        answer = client.post(address, {"credential": forged, "name": "x"})
        assert answer.status_code in {200, 302}, path
    assert not Authenticator.objects.filter(type="webauthn").exists()
