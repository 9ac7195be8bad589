"""What other browsers lack, taken from this one: the desk's keys and focus go on working."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import arrive
from tests.browser.sockets import connected

WITHOUT = """
delete Element.prototype.checkVisibility;
const supports = CSS.supports.bind(CSS);
CSS.supports = (name, value) => name !== "field-sizing" && supports(name, value);
new MutationObserver(() => {
  if (!document.head || document.getElementById("no-field-sizing")) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("textarea { field-sizing: fixed !important; }");
  document.adoptedStyleSheets = [sheet];
}).observe(document, { childList: true, subtree: true });
"""
# Elsewhere than in Chromium what has been hidden keeps the focus.
FOCUS_STAYS = """
(selector) => {
  const node = document.querySelector(selector);
  Object.defineProperty(document, "activeElement", { get: () => node, configurable: true });
  node.hidden = true;
  document.addEventListener("focusin", () => delete document.activeElement, { once: true });
}
"""
LINES = "一行目\n二行目\n三行目\n四行目\n五行目"


@pytest.fixture
def page(signed_in, agent, conversation, webchat) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    page = signed_in(agent)
    page.add_init_script(WITHOUT)
    return connected(page, f"/conversations/{conversation.pk}/")


def height(page: Page, field: str) -> float:
    return page.locator(field).evaluate("(area) => area.clientHeight")


def test_keys_act_without_check_visibility(page: Page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.keyboard.press("m")
    expect(page.locator("#composer-note")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    assert errors == []


def test_a_saved_note_is_seen_whole_without_field_sizing(page: Page):
    page.keyboard.press("m")
    with page.expect_response("**/draft/"):
        page.locator("#composer-note").fill(LINES)
    whole = height(page, "#composer-note")
    page.reload()
    page.keyboard.press("m")
    expect(page.locator("#composer-note")).to_have_value(LINES)
    expect(page.locator("#composer-note")).to_be_focused()
    page.wait_for_function(
        "(whole) => document.getElementById('composer-note').clientHeight >= whole",
        arg=whole,
    )
    assert whole > 80


def test_the_focus_of_what_is_hidden_is_passed_on(page: Page):
    page.locator("[data-open-templates]").focus()
    page.evaluate(FOCUS_STAYS, "[data-open-templates]")
    expect(page.locator("[data-open-templates]")).to_be_hidden()
    page.wait_for_function(
        """() => document.activeElement !== document.body
          && !document.activeElement.matches("[data-open-templates]")"""
    )
