"""Handing an inquiry over from the picker, with a line of what the new owner should know."""

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Inquiry
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.accounts import MembershipFactory
from tests.waiting import until


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__family_kana="スズキ"
    )


@pytest.fixture
def page(signed_in, agent, conversation, webchat, colleague) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def test_a_line_goes_with_the_inquiry_by_keys_alone(page: Page, colleague):
    page.keyboard.press("a")
    picker = page.locator("#picker")
    expect(picker.get_by_role("option", name="鈴木")).to_contain_text("離席中")
    expect(picker.get_by_role("option", name="佐藤")).to_contain_text("在席中")
    page.keyboard.type("suzuki")
    expect(picker.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(picker.get_by_label("申し送り")).to_be_focused()
    page.keyboard.type("午後に折り返すとお約束しました")
    page.keyboard.press("Enter")
    note = page.locator("#thread .message--note")
    expect(note).to_contain_text("午後に折り返すとお約束しました")
    until(lambda: Inquiry.objects.get().owner_id == colleague.pk)
    expect(picker).to_be_hidden()
