"""Renewing CREDENTIAL_KEY: all is sealed anew, and nothing that was found is lost."""

import json

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command

from agentdesk import crypto as credentials
from conversations.adapters.email.token import INQUIRY, Mark, read_token, token_of
from conversations.connections.connection import unsealed
from conversations.models import InboxConnection
from tests.agentdesk.accounts.test_sign_in import code_now, give_totp, sign_in
from tests.factories.conversations import InboxFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "the-first-key-of-this-place", "the-second-one"


@pytest.fixture
def place(settings, webchat, agent):
    """An installation with one key, and something sealed in every place."""
    settings.CREDENTIAL_KEY, settings.DIGEST_KEY = OLD, ""
    inbox = InboxFactory(account=webchat.account, channel="line")
    secrets = credentials.seal(json.dumps({"token": "t"}))
    InboxConnection.objects.create(inbox=inbox, secrets=secrets)
    webchat.webchat.identity_secret = credentials.seal("shop")
    webchat.webchat.save(update_fields=["identity_secret"])
    give_totp(agent)
    RecoveryCodes.activate(agent.user)
    return inbox


def test_the_old_key_may_go_once_all_is_sealed_anew(
    place, settings, webchat, agent, client
):
    codes = RecoveryCodes(agent.user.authenticator_set.get(type="recovery_codes"))
    code = codes.get_unused_codes()[0]
    mark = token_of(INQUIRY, 7)
    settings.CREDENTIAL_KEY, settings.DIGEST_KEY = f"{NEW},{OLD}", OLD
    call_command("reseal_secrets")
    settings.CREDENTIAL_KEY = NEW
    place.connection.refresh_from_db()
    webchat.webchat.refresh_from_db()
    assert unsealed(place.connection.secrets) == {"token": "t"}
    assert credentials.unseal(webchat.webchat.identity_secret) == "shop"
    assert read_token(mark) == Mark(INQUIRY, 7)
    step = sign_in(client, agent).url
    assert client.post(step, {"code": code_now()}).status_code == 302
    client.post("/accounts/logout/")
    sign_in(client, agent)
    assert client.post(step, {"code": code}).status_code == 302


def test_a_second_run_writes_nothing(place, settings, capsys):
    settings.CREDENTIAL_KEY, settings.DIGEST_KEY = f"{NEW},{OLD}", OLD
    call_command("reseal_secrets")
    stored = place.connection.secrets
    place.connection.refresh_from_db()
    assert place.connection.secrets != stored
    call_command("reseal_secrets")
    assert "\n0 sealed anew." in capsys.readouterr().out


def test_marks_already_sent_are_not_lost_by_oversight(place, settings):
    settings.CREDENTIAL_KEY = f"{NEW},{OLD}"
    with pytest.raises(CommandError, match="DIGEST_KEY"):
        call_command("reseal_secrets")


def test_what_no_key_opens_is_named_and_stops_nothing(place, settings, webchat):
    lost = InboxFactory(account=webchat.account, channel="sms")
    InboxConnection.objects.create(inbox=lost, secrets="of-another-place")
    settings.CREDENTIAL_KEY, settings.DIGEST_KEY = f"{NEW},{OLD}", OLD
    with pytest.raises(CommandError, match=f":{lost.connection.pk}"):
        call_command("reseal_secrets")
    webchat.webchat.refresh_from_db()
    settings.CREDENTIAL_KEY = NEW
    assert credentials.unseal(webchat.webchat.identity_secret) == "shop"
