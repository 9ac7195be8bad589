"""Keys, links and exports ask for the password once more, over the page."""

import pytest
from playwright.sync_api import Page, expect

from agentdesk.accounts.models import Invitation, Session
from agentdesk.accounts.sessions import SessionStore
from tests.browser.conftest import outside
from tests.browser.test_every_screen import rest
from tests.factories.accounts import PASSWORD


def forget_the_proof() -> None:
    """As five minutes after the password was given."""
    for session in Session.objects.exclude(user=None):
        store = SessionStore(session.session_key)
        store["account_authentication_methods"] = []
        store.save()


@pytest.fixture
def page(signed_in, admin, webchat) -> Page:
    page = signed_in(admin)
    outside(forget_the_proof)
    return page


def test_a_link_is_made_after_the_password_and_not_after_cancelling(page: Page):
    page.goto("/settings/kogane/people/")
    question = page.locator("#reauthenticate")
    make = page.get_by_role("button", name="招待リンクを作成")
    make.click()
    question.get_by_role("button", name="キャンセル").click()
    expect(question).to_be_hidden()
    make.click()
    question.locator("[name=password]").fill(PASSWORD)
    question.get_by_role("button", name="続ける").click()
    expect(page.get_by_role("button", name="コピー")).to_be_focused()
    assert Invitation.objects.count() == 1


def test_an_export_is_downloaded_after_the_password(page: Page):
    page.goto("/audit/")
    page.get_by_role("button", name="CSV").click()
    question = page.locator("#reauthenticate")
    question.locator("[name=password]").fill(PASSWORD)
    with page.expect_download() as download:
        question.get_by_role("button", name="続ける").click()
    assert download.value.suggested_filename.startswith("audit-")


def test_escape_cancels_the_question_of_a_session_that_goes_on(page: Page):
    page.goto("/settings/kogane/people/")
    question = page.locator("#reauthenticate")
    make = page.get_by_role("button", name="招待リンクを作成")
    make.click()
    expect(question.get_by_role("heading")).to_have_text("本人確認")
    expect(question.locator("[name=password]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(make).to_be_focused()
    assert Invitation.objects.count() == 0


def test_escape_does_not_pass_a_locked_session(page: Page, admin):
    page.goto("/settings/kogane/people/")
    rest(page, admin.user)
    page.get_by_role("button", name="招待リンクを作成").click()
    question = page.locator("#reauthenticate")
    expect(question.get_by_role("heading")).to_have_text("もう一度ログインしてください")
    expect(question.locator("[name=password]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_visible()
