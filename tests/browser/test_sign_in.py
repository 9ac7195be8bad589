"""What only a browser can show of signing in: passkeys, and the lock over a page."""

import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from agentdesk.accounts.models import Membership, Session
from agentdesk.accounts.sessions import SessionStore
from tests.factories.accounts import PASSWORD


@pytest.fixture
def page(live_server: LiveServer, window: Callable[..., BrowserContext]) -> Page:
    """By the name of a host: passkeys take no number for one."""
    page = window(base_url=live_server.url).new_page()
    page.on("console", _no_refusal)
    return page


def _no_refusal(message: Any) -> None:
    """The content security policy refuses loudly."""
    assert "Content Security Policy" not in message.text, message.text


def sign_in(page: Page, member: Membership, path: str) -> None:
    page.goto(f"/accounts/login/?next={path}")
    page.locator("[name=login]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url(f"**{path}")


def rest(member: Membership) -> None:
    """As if the member had been away for a day."""
    for row in Session.objects.filter(user=member.user):
        session = SessionStore(row.session_key)
        session["active_at"] -= 24 * 3600
        session.save()


def answer_lock(page: Page, password: str) -> None:
    lock = page.locator("#reauthenticate")
    lock.locator("[name=password]").fill(password)
    lock.get_by_role("button", name="続ける").click()


def test_lock_asks_over_the_page_and_what_was_typed_is_saved(
    page: Page, admin: Membership
):
    sign_in(page, admin, "/settings/kogane/general/")
    hours = page.locator("[name=reopen_hours]")
    hours.fill("99")
    rest(admin)
    page.locator("#general-form [type=submit]").click()
    lock = page.locator("#reauthenticate")
    expect(lock).to_be_visible()
    answer_lock(page, "not-it-at-all")
    expect(lock).to_contain_text("パスワードが正しくありません")
    page.keyboard.press("Escape")
    expect(lock).to_be_visible()
    answer_lock(page, PASSWORD)
    expect(lock).to_be_hidden()
    expect(page.get_by_text("保存しました").first).to_be_visible()
    admin.account.refresh_from_db()
    assert admin.account.reopen_hours == 99


def test_plain_form_keeps_its_words_when_the_session_is_gone(
    page: Page, agent: Membership
):
    sign_in(page, agent, "/me/")
    page.locator("[name=family_name]").fill("長谷川")
    Session.objects.all().delete()
    # Two minutes later by the page's own reckoning. Playwright's clock would also hold
    # the animation frames by which it tells that a button has come to rest.
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 120_000; }")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#reauthenticate")).to_be_visible()
    answer_lock(page, PASSWORD)
    expect(page.get_by_text("保存しました")).to_be_visible()
    agent.user.refresh_from_db()
    assert agent.user.family_name == "長谷川"


def test_passkey_is_added_and_signs_in_and_unlocks(page: Page, agent: Membership):
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, agent, "/accounts/2fa/")
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="続ける").click()
    page.get_by_role("button", name="パスキーを追加").click()
    page.wait_for_url("**/recovery-codes/")
    rest(agent)
    page.goto("/me/")
    page.wait_for_url("**/accounts/locked/**")
    page.get_by_role("button", name="代わりにパスキーを使う").click()
    page.wait_for_url("**/me/")
    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name="パスキーでログイン").click()
    page.wait_for_url(re.compile(r".*(/me/|/desk/)$"))


def test_invitation_is_copied_and_the_list_follows(page: Page, admin: Membership):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, admin, "/settings/kogane/people/")
    page.get_by_role("button", name="招待リンクを作成").click()
    page.get_by_role("button", name="コピー").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "/invitation/" in link
    page.locator("#link").get_by_role("button", name="閉じる").last.click()
    expect(page.get_by_text("リンクを持つ人")).to_be_visible()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("リンクを持つ人")).to_be_hidden()


def test_static_files_are_taken_for_nothing_else(server: str):
    address = f"{server}/static/agentdesk/mark.svg"
    with urllib.request.urlopen(address) as answer:  # noqa: S310  # loopback
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
