"""What only a browser can show of the components: keys, focus, themes, widths."""

import pytest
from playwright.sync_api import Page, expect

from agentdesk.web.views.styleguide import PAGES
from tests.browser.axe import look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.guide_urls"),
    pytest.mark.django_db(transaction=True),
]


def open_desk(page: Page, state: str = "") -> None:
    page.goto(f"/styleguide/desk/?state={state}")
    expect(page.locator("[data-theme-choice]").first).to_have_attribute(
        "aria-pressed", "true"
    )


@pytest.mark.parametrize("name", PAGES)
def test_no_accessibility_violation_and_no_sideways_scroll(guide: Page, name: str):
    guide.goto(f"/styleguide/{name}/")
    assert look(guide) == []


def test_keys_act_alone_but_never_while_typing_or_composing(guide: Page):
    open_desk(guide)
    note = guide.locator("[name=kind][value=note]")
    guide.keyboard.press("/")
    guide.keyboard.type("m?")
    expect(guide.locator("#call-query")).to_have_value("m?")
    expect(note).not_to_be_checked()
    guide.locator("#call-query").blur()
    guide.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent("keydown",
        {key: "m", keyCode: 229, isComposing: true, bubbles: true}))"""
    )
    guide.keyboard.press("Shift+M")
    expect(note).not_to_be_checked()
    guide.keyboard.press("m")
    expect(note).to_be_checked()


def test_question_mark_lists_the_keys_of_this_page(guide: Page):
    open_desk(guide)
    guide.keyboard.press("?")
    keys = guide.locator("#shortcuts li")
    expect(keys.filter(has_text="社内メモ")).to_contain_text("M")
    guide.keyboard.press("Escape")
    expect(guide.locator("#shortcuts")).to_be_hidden()


def test_a_resized_and_folded_pane_is_remembered(guide: Page):
    open_desk(guide)
    pane = guide.locator("#pane-list")
    before = pane.evaluate("element => element.offsetWidth")
    guide.locator(".resizer[data-pane=list]").press("ArrowRight")
    assert pane.evaluate("element => element.offsetWidth") == before + 16
    guide.locator(".resizer[data-pane=customer]").press("Enter")
    open_desk(guide)
    assert pane.evaluate("element => element.offsetWidth") == before + 16
    expect(guide.locator("[data-fold=customer]")).to_have_attribute(
        "aria-expanded", "false"
    )
    expect(guide.locator("#pane-customer")).to_be_hidden()


def test_a_menu_is_walked_with_arrows_and_gives_the_focus_back(guide: Page):
    open_desk(guide)
    button = guide.locator("[popovertarget=filter-menu]")
    button.press("Enter")
    items = guide.locator("#filter-menu [role=menuitemradio]")
    expect(items.first).to_be_focused()
    guide.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    guide.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_dialog_asks_before_it_throws_text_away(guide: Page):
    guide.goto("/styleguide/components/")
    dialog = guide.locator("#guide-dialog")
    guide.locator("[data-open-dialog=guide-dialog]").click()
    guide.locator("#guide-summary").fill("書きかけ")
    guide.keyboard.press("Escape")
    expect(guide.locator("#unsaved")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide.locator("#guide-summary")).to_have_value("書きかけ")
    guide.keyboard.press("Escape")
    guide.locator("[data-discard]").click()
    expect(dialog).to_be_hidden()


def test_the_thread_stays_where_it_is_read(guide: Page):
    open_desk(guide)
    add = """(text) => document.querySelector("#thread").insertAdjacentHTML("beforeend",
        `<li class="message message--in"><div class="message__bubble">${text}</div></li>`)"""
    guide.evaluate(add, "一つ目")
    expect(guide.get_by_text("一つ目")).to_be_in_viewport()
    guide.evaluate("document.querySelector('message-thread').scrollTop = 0")
    expect(guide.get_by_text("一つ目")).not_to_be_in_viewport()
    guide.evaluate(add, "二つ目")
    expect(guide.get_by_text("二つ目")).not_to_be_in_viewport()
    guide.locator("[data-jump]").click()
    expect(guide.get_by_text("二つ目")).to_be_in_viewport()


def test_the_palette_finds_a_command_by_kana_and_runs_it(guide: Page):
    guide.goto("/styleguide/page/")
    guide.keyboard.press("Control+k")
    guide.keyboard.type("うぇぶ")
    options = guide.locator("#palette [role=option]")
    expect(options).to_have_count(1)
    guide.keyboard.press("Enter")
    guide.wait_for_url("**/styleguide/page/#d")


def test_a_chosen_theme_stays(guide: Page):
    open_desk(guide)
    guide.locator("[popovertarget=user-menu]").click()
    guide.locator("[data-theme-choice=dark]").click()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_lost_connection_is_said_and_the_news_that_it_is_back(guide: Page):
    open_desk(guide)
    notice = guide.locator("#connection")
    guide.evaluate("document.dispatchEvent(new CustomEvent('connection-lost'))")
    expect(notice).to_contain_text("接続が切れています")
    guide.evaluate("document.dispatchEvent(new CustomEvent('connection-back'))")
    expect(notice).to_contain_text("再接続しました")
    expect(notice).to_be_hidden()
