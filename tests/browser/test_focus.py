"""Where the focus is after what one did: never on nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.factories.customers import CustomerFactory

HEADING = "[data-focus-home]"


@pytest.fixture
def question(conversation, webchat):
    return arrive(conversation, webchat, "サイズを交換したいです")


@pytest.fixture
def page(signed_in, agent, conversation, question) -> Page:
    page = signed_in(agent)
    return connected(page, f"/conversations/{conversation.pk}/")


def test_a_dialog_that_nothing_opened_gives_the_focus_to_the_conversation(page):
    for key in ("?", "h"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(HEADING)).to_be_focused()


def test_a_picker_that_a_key_opened_gives_the_focus_to_its_button(page):
    page.keyboard.press("e")
    expect(page.locator("[data-picker-field]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#inquiry-bar [data-shortcut=e]")).to_be_focused()


def test_close_and_next_ends_on_the_next_conversation(page, account, webchat):
    ContactReasonFactory(account=account)
    other = CustomerFactory(account=account, family_name="前田", given_name="光")
    arrive(ConversationFactory(customer=other), webchat, "次のお客様です")
    page.locator("#inquiry-bar [data-shortcut=e]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-picker-field]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(HEADING)).to_contain_text("前田 光")
    expect(page.locator(HEADING)).to_be_focused()


def test_a_button_that_went_away_leaves_the_focus_beside_it(page):
    page.locator("#inquiry-bar [data-shortcut=i]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#inquiry-bar [data-shortcut=i]")).to_have_count(0)
    expect(page.locator("#inquiry-bar :focus")).to_have_count(1)


def test_assigning_gives_the_focus_back_to_what_opened_it(page):
    page.locator("#inquiry-bar [data-shortcut=a]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-picker-field]")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#picker")).to_be_hidden()
    owner = page.locator("#inquiry-bar [data-shortcut=a]")
    expect(owner).not_to_contain_text("担当なし")
    expect(owner).to_be_focused()


def test_choosing_a_status_gives_the_focus_back_to_its_button(page):
    status = page.locator("#inquiry-bar [data-shortcut=s]")
    status.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#picker [role=option]")).to_have_count(3)
    page.keyboard.press("Enter")
    expect(status).to_contain_text("対応中")
    expect(status).to_be_focused()


def test_moving_through_the_list_takes_the_focus_along(page):
    page.goto("/desk/")
    page.keyboard.press("j")
    expect(page.locator("#composer-reply")).to_be_visible()
    expect(page.locator("#list .entry:focus")).to_have_count(1)


def test_escape_leaves_the_field_so_that_keys_act(page):
    page.keyboard.press("r")
    page.keyboard.type("書きかけ")
    page.keyboard.press("Escape")
    expect(page.locator(HEADING)).to_be_focused()
    expect(page.locator("#composer-reply")).to_have_value("書きかけ")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator(HEADING)).to_be_focused()


def test_a_press_beside_everything_takes_the_focus_away_for_good(page):
    page.locator("#composer-reply").focus()
    page.locator("#thread .message__bubble").first.click()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    expect(page.locator("#composer-reply")).not_to_be_focused()


def test_the_list_of_keys_fits_a_small_screen(page):
    page.keyboard.press("?")
    body = page.locator("#shortcuts .dialog__body")
    expect(body).to_contain_text("入力欄を離れる")
    keys = page.locator("#shortcuts .shortcuts li")
    expect(keys.last).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 800, "height": 400})
    last = page.locator("#shortcuts li").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
