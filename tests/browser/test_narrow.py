"""320 CSS pixels wide, as a wide screen at 400 %: nothing is out of reach.

Source: WCAG 2.2, 1.4.10 "Reflow".
"""

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import Channel
from tests.browser.axe import violations
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.conversations import InboxFactory, TemplateFactory

# What may be pressed or filled in, and stands beside the window.
_BESIDE = """() => [...document.querySelectorAll("a, button, input, select, textarea, [role=option]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.closest(".visually-hidden, .skip-link"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
  .map(([, one]) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def narrow(signed_in, agent, account, conversation, webchat) -> Page:
    arrive(conversation, webchat, "まだ届きません")
    for number in range(20):
        TemplateFactory(account=account, name=f"お詫び {number}", body="お詫びします")
    page = signed_in(agent)
    page.set_viewport_size({"width": 320, "height": 640})
    return connected(page, f"/conversations/{conversation.pk}/")


def test_everything_on_the_desk_is_within_the_window(narrow: Page):
    assert narrow.evaluate(_BESIDE) == []
    narrow.locator("[popovertarget=user-menu]").click()
    expect(narrow.locator("#user-menu")).to_be_visible()
    assert narrow.evaluate(_BESIDE) == []


def test_the_composer_leaves_room_to_read_what_is_answered(narrow: Page):
    narrow.set_viewport_size({"width": 320, "height": 256})
    thread = narrow.locator(".thread-scroll")
    expect(thread).to_contain_text("まだ届きません")
    assert thread.evaluate("element => element.offsetHeight") > 250


def test_templates_are_offered_within_the_window_and_scroll_by_keyboard(narrow: Page):
    narrow.keyboard.press("r")
    narrow.keyboard.type("/")
    offered = narrow.locator("#template-list [role=option]")
    expect(offered).to_have_count(20)
    assert narrow.evaluate(_BESIDE) == []
    assert violations(narrow) == []
    narrow.keyboard.press("ArrowUp")
    expect(offered.last).to_be_in_viewport()


@pytest.mark.parametrize(
    "path", ["general", "hours", "inboxes", "inboxes/new", "inboxes/{line}", "people"]
)
def test_no_page_of_the_settings_goes_off_to_the_side(signed_in, admin, account, path):
    line = InboxFactory(account=account, channel=Channel.LINE)
    page = signed_in(admin)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"/settings/kogane/{path.format(line=line.pk)}/")
    expect(page.locator("h1")).to_be_visible()
    beside = "main => main.scrollWidth - main.clientWidth"
    assert page.locator("main").evaluate(beside) == 0


ENLARGED = {"width": 683, "height": 384}  # 1366×768 at 200 %


@pytest.fixture
def enlarged(narrow: Page) -> Page:
    narrow.set_viewport_size(ENLARGED)
    return narrow


def _shown(page: Page) -> list[str]:
    panes: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".desk .pane")]
          .filter((pane) => pane.checkVisibility()).map((pane) => pane.id)"""
    )
    return panes


def test_one_pane_at_a_time_with_a_way_back(enlarged: Page):
    assert _shown(enlarged) == ["conversation"]
    enlarged.get_by_role("button", name="一覧に戻る").click()
    assert _shown(enlarged) == ["pane-list"]
    row = enlarged.locator("#list .entry")
    expect(row).to_be_focused()
    row.press("Enter")
    expect(enlarged.locator("#conversation")).to_be_visible()
    expect(enlarged.locator("[data-focus-home]")).to_be_focused()
    assert _shown(enlarged) == ["conversation"]
    enlarged.get_by_role("button", name="顧客を表示").click()
    assert _shown(enlarged) == ["pane-customer"]
    back = enlarged.get_by_role("button", name="会話に戻る")
    expect(back).to_be_focused()
    assert violations(enlarged) == []
    back.click()
    expect(enlarged.locator("[data-focus-home]")).to_be_focused()
    assert _shown(enlarged) == ["conversation"]


def test_keys_lead_from_pane_to_pane(enlarged: Page):
    enlarged.keyboard.press("[")
    assert _shown(enlarged) == ["pane-list"]
    expect(enlarged.locator("#list .entry")).to_be_focused()
    enlarged.keyboard.press("j")
    enlarged.keyboard.press("Enter")
    expect(enlarged.locator("#conversation")).to_be_visible()
    enlarged.keyboard.press("]")
    assert _shown(enlarged) == ["pane-customer"]
    enlarged.keyboard.press("]")
    assert _shown(enlarged) == ["conversation"]
    assert enlarged.evaluate(_BESIDE) == []


def test_without_a_conversation_the_list_is_there(enlarged: Page):
    enlarged.goto("/desk/")
    assert _shown(enlarged) == ["pane-list"]
    assert violations(enlarged) == []
    enlarged.locator("#list .entry").click()
    expect(enlarged.locator("#conversation")).to_be_visible()
    assert _shown(enlarged) == ["conversation"]
    enlarged.go_back()
    expect(enlarged.locator("#pane-list")).to_be_visible()
    assert _shown(enlarged) == ["pane-list"]


def test_a_wide_window_shows_all_three_again(enlarged: Page):
    enlarged.keyboard.press("[")
    enlarged.set_viewport_size({"width": 1366, "height": 768})
    assert _shown(enlarged) == ["pane-list", "conversation", "pane-customer"]
    expect(enlarged.get_by_role("button", name="一覧に戻る")).to_be_hidden()
