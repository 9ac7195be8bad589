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
