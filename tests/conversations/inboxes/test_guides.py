"""The guides of the stepper say what the adapters ask for, in the same words."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from conversations.adapters.base import Field
from conversations.adapters.email import oauth, setting
from conversations.adapters.instagram.adapter import InstagramAdapter
from conversations.adapters.messenger.adapter import MessengerAdapter
from conversations.adapters.registry import ADAPTERS
from conversations.adapters.whatsapp.check import _SCOPES as WHATSAPP
from conversations.adapters.x.sign_in import SCOPES as X

CONNECTED = [channel for channel, adapter in ADAPTERS.items() if adapter.fields]
# Words of ours that a guide may name though no field is called so.
_OURS = {"redirect URI"}
# How a guide names a field in other words than its label.
_ALSO = {
    ("line", "channel_access_token"): "Channel access token (long-lived)",
    ("sms", "number"): "+81",
    ("sms", "account_sid"): "Account SID",
    ("x", "consumer_secret"): "API Key Secret",
    ("x", "client_secret"): "Client Secret",
    ("x", "bearer_token"): "Bearer Token",
    ("instagram", "access_token"): "page access token",
    ("messenger", "access_token"): "page access token",
    ("whatsapp", "access_token"): "Generate token",
    ("whatsapp", "waba_id"): "WhatsApp Business Account ID",
    ("instagram", "human_agent"): "Human Agent",
    ("messenger", "human_agent"): "Human Agent",
    ("email", "imap_host"): "IMAP server",
    ("email", "smtp_host"): "SMTP server",
    ("email", "password"): "password",
    ("email", "client_secret"): "client secret",
    ("email", "tenant"): "Directory (tenant) ID",
    ("email", "client_id"): "client ID",
    ("email", "webhook_secret"): "our address from step 3",
    ("email", "signing_key"): "HTTP webhook signing key",
    ("email", "address"): "Paste addresses",
    ("email", "server_token"): "Server API token",
    ("email", "sender_domain"): "add the domain",
    ("email", "access_key_id"): "access key and copy both parts",
    ("email", "secret_access_key"): "access key and copy both parts",
}


def guide(channel: str, kind: str = "") -> str:
    with translation.override("en"):
        page = render_to_string(f"{channel}/guide.html", {"kind": kind})
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


def wanted(channel: str) -> list[Field]:
    """What an admin cannot make up: required, without choices or a default."""
    return [
        one
        for one in ADAPTERS[channel].fields
        if one.is_required and not one.choices and not one.default
    ]


@pytest.mark.parametrize("channel", CONNECTED)
def test_every_field_that_is_asked_for_is_in_the_guide(channel):
    text = guide(channel).lower()
    missing = [
        one.name
        for one in wanted(channel)
        if one.label.lower() not in text
        and _ALSO.get((channel, one.name), "\0").lower() not in text
    ]
    assert missing == []


@pytest.mark.parametrize("channel", CONNECTED)
def test_every_secret_and_every_pattern_is_explained(channel):
    """By its own help or place, or by the guide."""
    text = guide(channel).lower()
    silent = [
        one.name
        for one in ADAPTERS[channel].fields
        if (one.is_secret or (one.pattern and not one.default))
        and not (one.help or one.where)
        and one.label.lower() not in text
        and _ALSO.get((channel, one.name), "\0").lower() not in text
    ]
    assert silent == []


def test_no_guide_speaks_of_a_field_that_is_not_there():
    known = {
        (channel, one.name) for channel in CONNECTED for one in ADAPTERS[channel].fields
    }
    assert set(_ALSO) <= known
    assert "refresh token" not in guide("x")


def names_in(channel: str) -> set[str]:
    """Events, scopes and permissions: what has a dot or a low line in it."""
    words = re.findall(r"[A-Za-z0-9_.:/]+", guide(channel))
    return {
        word.strip(".:")
        for word in words
        if re.fullmatch(r"[a-z]+(?:[_.][a-z]+)+", word.strip(".:"))
    }


HOSTS = {"mx.sendgrid.net", "mail.google.com", "mail.example.jp"}
NAMES = {
    "messenger": {*MessengerAdapter.events, *MessengerAdapter.scopes},
    "instagram": {*InstagramAdapter.events, *InstagramAdapter.scopes},
    "whatsapp": set(WHATSAPP),
    "x": set(X),
}


@pytest.mark.parametrize("channel", NAMES)
def test_the_providers_names_are_spelled_as_we_ask_for_them(channel):
    strange = names_in(channel) - NAMES[channel] - HOSTS
    assert strange == set()


@pytest.mark.parametrize(
    ("channel", "names"),
    [
        ("messenger", MessengerAdapter.scopes),
        ("instagram", InstagramAdapter.scopes),
        ("whatsapp", WHATSAPP),
        ("x", X),
    ],
)
def test_every_permission_a_check_asks_for_is_named(channel, names):
    assert set(names) <= names_in(channel)


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_the_events_that_are_shown_are_named(channel):
    """Those we subscribe to by ourselves besides need no word."""
    needed = {"messages", "messaging_postbacks", "message_reactions"}
    assert needed <= set(ADAPTERS[channel].events)
    text = guide(channel)
    assert [one for one in needed if one not in text] == []


def test_the_scopes_of_mailboxes_are_those_that_are_asked_for():
    text = guide("email")
    assert oauth._GOOGLE_SCOPE in text
    for scope in oauth._MICROSOFT_SCOPE.split():
        assert scope.rpartition("/")[2] in text, scope


@pytest.mark.parametrize("kind", [value for value, _label in setting.KINDS])
def test_each_kind_of_mailbox_opens_its_own_part(kind):
    page = render_to_string("email/guide.html", {"kind": kind})
    assert page.count("<details") == len(setting.KINDS)
    assert page.count(" open>") == 1


def test_the_guide_of_x_says_before_all_else_that_it_costs_money():
    words = guide("x")
    assert 0 <= words.find("costs money at X") < words.find("Open the X developer")
