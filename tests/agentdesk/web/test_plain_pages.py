"""What a browser shows by itself is a page of ours, in our words."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from agentdesk.accounts.models import Session

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
FORM = {"headers": {"Accept": "text/html,application/xhtml+xml"}}

pytestmark = pytest.mark.django_db


def send(client: Client, page: str = "http://testserver/me/?a=1"):
    headers = FORM["headers"] | {"Referer": page}
    return client.post("/me/", {"family_name": "山田"}, headers=headers)


def test_a_form_of_a_locked_session_leads_to_the_lock_page_and_back(agent, client_of):
    with time_machine.travel(START, tick=False) as clock:
        browser = client_of(agent)
        browser.get("/me/")
        clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))
        assert send(browser).url == "/accounts/locked/?next=%2Fme%2F%3Fa%3D1"
        away = send(browser, "https://elsewhere.example/me/")
        assert away.url == "/accounts/locked/?next=%2F"


def test_a_form_of_a_session_that_is_gone_leads_to_sign_in_and_back(agent, client_of):
    browser = client_of(agent)
    Session.objects.all().delete()
    assert send(browser).url == "/accounts/login/?next=/me/%3Fa%3D1"
    assert browser.post("/me/preferences/", {"theme": "dark"}).status_code == 401


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "ページの有効期限が切れました"), ("en", "This page is out of date")],
)
def test_a_form_without_its_token_is_refused_in_our_own_words(language, words):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(f"/accounts/login/?lang={language}", {"login": "a"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert words in html
    assert "plain__box" in html
    assert "CSRF" not in html


def test_a_host_that_is_not_ours_is_refused_in_both_languages(client):
    answer = client.get("/accounts/login/", headers={"Host": "elsewhere.example"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in html
    assert "plain__box" in html
    assert "受け付けられませんでした" in html
