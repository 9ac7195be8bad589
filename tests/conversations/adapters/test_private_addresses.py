"""An address that an admin types never reaches a private network."""

import socket

import pytest
from django import forms

from conversations.inboxes.forms.connection import refuse_private
from tests.conversations.double import SECRET

INSIDE = {"intranet.example.jp": "10.1.2.3", "metadata.example.jp": "169.254.169.254"}
OUTSIDE = {"imap.example.jp": "93.184.216.34", "v6.example.jp": "2606:4700::1111"}


@pytest.fixture(autouse=True)
def _names(monkeypatch):
    """What the names of these tests stand for; addresses are read as they always are."""
    real = socket.getaddrinfo

    def resolving(host, port, *args, **more):
        known = (INSIDE | OUTSIDE).get(host, host)
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return real(known, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolving)


@pytest.mark.parametrize(
    "typed",
    [
        *("127.0.0.1", "127.1", "10.0.0.8", "10.0.0.8:993", "192.168.1.1", "0.0.0.0"),
        *("169.254.169.254", "http://169.254.169.254/latest/meta-data/"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "https://2130706433/"),
        *("[::1]", "https://[::1]:8443/", "[::ffff:127.0.0.1]", "[::ffff:a00:8]"),
        *("[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "localhost"),
        *("[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[fec0::1]", "[64:ff9b:1::7f00:1]"),
        *INSIDE,
        "https://intranet.example.jp/hook",
    ],
)
def test_what_lies_inside_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        refuse_private(typed)


@pytest.mark.parametrize("typed", [*OUTSIDE, "imap.example.jp:993", "93.184.216.34"])
def test_what_lies_outside_is_taken(typed):
    refuse_private(typed)


@pytest.mark.parametrize(
    "typed", ["nowhere.invalid", "https://", "a:b:c", "http://[", "x" * 300, "."]
)
def test_what_is_no_address_is_said_to_be_none(typed):
    with pytest.raises(forms.ValidationError):
        refuse_private(typed)


@pytest.mark.django_db
def test_the_form_says_so_in_a_sentence_unless_the_installation_allows_it(
    draft, admin, client_of, settings
):
    url = f"/settings/kogane/inboxes/{draft.pk}/connection/"
    typed = {"kind": "own", "account": "AC12345", "token": SECRET, "host": "10.0.0.8"}
    refused = client_of(admin).post(url, typed)
    assert refused.status_code == 422
    assert "閉じたネットワーク" in refused.content.decode()
    typed_now = client_of(admin).post(f"{url}field/?name=host", typed)
    assert "閉じたネットワーク" in typed_now.content.decode()
    settings.ALLOW_PRIVATE_ADDRESSES = True
    assert client_of(admin).post(url, typed).status_code == 200
