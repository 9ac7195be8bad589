"""Cookies of two installations on one host do not meet."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from agentdesk import environment


@pytest.mark.parametrize(
    ("public_url", "port", "suffix"),
    [
        ("", "", "_8000"),
        ("", "8001", "_8001"),
        ("", "tcp://10.0.0.1:80", ""),
        ("https://desk.example.jp", "8001", ""),
        ("https://desk.example.jp:8443", "", "_8443"),
    ],
)
def test_cookies_are_named_by_the_port(monkeypatch, public_url, port, suffix):
    monkeypatch.setenv("PORT", port)
    assert environment.cookie_suffix(public_url) == suffix


def test_an_address_that_is_none_stops_the_start():
    with pytest.raises(ImproperlyConfigured):
        environment.cookie_suffix("https://desk.example.jp:none")


@pytest.mark.django_db
def test_every_cookie_of_ours_carries_the_name_of_its_installation(client, agent):
    page = client.get("/accounts/login/?lang=en")
    assert f'name="csrf-cookie" content="{settings.CSRF_COOKIE_NAME}"' in (
        page.content.decode()
    )
    client.post(
        "/accounts/login/", {"login": agent.user.email, "password": "desk-password-1"}
    )
    client.post("/accounts/logout/")
    suffix = environment.cookie_suffix("")
    assert {"session", "csrf", "device", "language"} <= {
        name.removeprefix("agentdesk_").removesuffix(suffix) for name in client.cookies
    }
    assert all(name.startswith("agentdesk_") for name in client.cookies)
