"""Guessing is slow, and nobody who knows their password waits for those who guess."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from agentdesk.accounts import sign_in_limits
from agentdesk.accounts.models import Session
from agentdesk.accounts.sign_in_limits import ACCOUNT, ACCOUNT_AND_ADDRESS, ADDRESS
from agentdesk.audit.origin import address_group
from tests.factories.accounts import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
ELSEWHERE = "203.0.113.9"
WRONG = "not-it-at-all"


def sign_in(member, password=PASSWORD, *, client=None, address="192.0.2.1"):
    client = client or Client()
    data = {"login": member.user.email, "password": password}
    return client.post(LOGIN, data, REMOTE_ADDR=address)


def test_one_colleague_s_slips_stop_nobody_else_behind_the_address(account):
    floor = [MembershipFactory(account=account) for _seat in range(4)]
    for member in floor[:3]:
        for _try in range(4):
            sign_in(member, WRONG)
    for member in floor:
        assert sign_in(member).status_code == 302


def test_a_shift_signs_in_within_the_same_minute(agent):
    for _colleague in range(40):
        assert Client().post(LOGIN, {}).status_code == 200
    assert sign_in(agent).status_code == 302


def test_guessing_from_one_address_waits_and_another_address_does_not(agent):
    for _try in range(5):
        sign_in(agent, WRONG, address=ELSEWHERE)
    assert "数分待って" in sign_in(agent, address=ELSEWHERE).content.decode()
    assert sign_in(agent).status_code == 302


def test_the_pause_doubles(agent):
    start = datetime(2026, 11, 20, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _try in range(5):
            sign_in(agent, WRONG)
        assert "数分待って" in sign_in(agent).content.decode()
    pauses = [ACCOUNT_AND_ADDRESS.pause_after(failures) for failures in range(5, 11)]
    assert pauses == [60, 120, 240, 480, 900, 900]


def test_a_known_browser_is_not_stopped_by_strangers_who_guess(agent, monkeypatch):
    monkeypatch.setattr(sign_in_limits, "ACCOUNT", replace(ACCOUNT, free=4))
    browser = Client()
    sign_in(agent, client=browser)
    browser.post("/accounts/logout/")
    for place in range(4):
        sign_in(agent, WRONG, address=f"203.0.113.{place}")
    stranger = sign_in(agent, address="198.51.100.7")
    assert "数分待って" in stranger.content.decode()
    assert sign_in(agent, client=browser).status_code == 302


def test_a_known_browser_that_guesses_is_stopped_itself(agent):
    browser = Client()
    sign_in(agent, client=browser)
    browser.post("/accounts/logout/")
    for _try in range(5):
        sign_in(agent, WRONG, client=browser)
    assert "数分待って" in sign_in(agent, client=browser).content.decode()
    assert sign_in(agent).status_code == 302


def test_a_new_password_makes_every_browser_a_stranger(agent):
    browser = Client()
    sign_in(agent, client=browser)
    browser.post("/accounts/logout/")
    agent.user.set_password("kumo-no-ue-9")
    agent.user.save()
    for _try in range(5):
        sign_in(agent, WRONG)
    again = sign_in(agent, "kumo-no-ue-9", client=browser)
    assert "数分待って" in again.content.decode()


def test_a_device_cookie_of_our_own_making_opens_and_skips_nothing(agent, supervisor):
    browser = Client()
    sign_in(agent, client=browser)
    cookie = browser.cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"]
    other = Client()
    other.cookies[settings.DEVICE_COOKIE_NAME] = cookie.value
    assert other.get("/me/").status_code == 302
    for _try in range(5):
        sign_in(supervisor, WRONG)
    assert "数分待って" in sign_in(supervisor, client=other).content.decode()


def test_a_spray_over_many_accounts_from_one_address_is_slowed(account, monkeypatch):
    monkeypatch.setattr(sign_in_limits, "ADDRESS", replace(ADDRESS, free=6))
    for _seat in range(6):
        sign_in(MembershipFactory(account=account), WRONG, address=ELSEWHERE)
    late = sign_in(MembershipFactory(account=account), WRONG, address=ELSEWHERE)
    assert "数分待って" in late.content.decode()
    assert not Session.objects.filter(user__isnull=False).exists()


def test_whoever_has_one_ipv6_address_is_counted_with_all_of_them(agent):
    for host in range(1, 6):
        sign_in(agent, WRONG, address=f"2001:db8:1:2::{host}")
    assert "数分待って" in sign_in(agent, address="2001:db8:1:2:ff::9").content.decode()
    assert sign_in(agent, address="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"),
    ],
)
def test_what_limits_count_by(address, group):
    assert address_group(address) == group
