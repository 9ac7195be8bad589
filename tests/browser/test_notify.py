"""What is told to somebody who looks elsewhere: title, sound, desktop notification."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import NotificationKind
from conversations.inquiries.actions.notify import notify
from conversations.models import Notification
from tests.browser.conftest import outside
from tests.browser.sockets import connected

# A tab in the background, with a desktop and loudspeakers that remember.
ELSEWHERE = """
window.isHidden = true;
Object.defineProperty(document, "hidden", { get: () => window.isHidden });
window.shown = [];
window.tones = [];
window.Notification = class extends EventTarget {
  static permission = "granted";
  constructor(title, { tag }) { super(); window.shown.push([title, tag]); }
  close() {}
};
window.AudioContext = class {
  state = "running"; currentTime = 0; destination = null;
  createGain() {
    const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
    return { gain, connect: (next) => next };
  }
  createOscillator() {
    return { frequency: {}, connect: (next) => next, stop() {},
             start: () => window.tones.push(1) };
  }
};
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = (...all) => request(...all)
  .finally(() => { document.documentElement.dataset.hadItsTurn = "true"; });
"""


@pytest.fixture
def tab(signed_in, agent):
    """Opens the desk in another tab of the agent's browser, in the background."""
    agent.user.desktop_notifications = True
    agent.user.save(update_fields=["desktop_notifications"])
    first = signed_in(agent)
    first.context.add_init_script(ELSEWHERE)
    tabs = [first]

    def another() -> Page:
        page = tabs.pop() if tabs else first.context.new_page()
        connected(page, "/desk/", "watching")
        # What came before the bell stands there is counted, and not said aloud.
        expect(page.locator("#notifications-last")).to_be_attached()
        page.mouse.click(5, 400)
        return page

    return another


def mention(agent, conversation) -> Notification | None:
    return outside(lambda: notify(agent, NotificationKind.MENTION, conversation))


def shown(page: Page) -> list[list[str]]:
    """What stood on the desktop by the time this tab had its turn."""
    expect(page.locator("html")).to_have_attribute("data-had-its-turn", "true")
    shown: list[list[str]] = page.evaluate("window.shown")
    return shown


def test_a_tab_in_the_background_shows_sounds_and_counts(tab, agent, conversation):
    page = tab()
    title = page.title()
    notification = mention(agent, conversation)
    expect(page).to_have_title(f"(1) {title}")
    assert shown(page) == [
        ["あなた宛てのメモがあります", f"notification-{notification.pk}"]
    ]
    assert page.evaluate("window.tones.length") == 2
    page.evaluate(
        """() => { window.isHidden = false;
                   document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    expect(page).to_have_title(title)


def test_of_two_tabs_one_speaks_and_both_count(tab, agent, conversation):
    pages = [tab(), tab()]
    mention(agent, conversation)
    for page in pages:
        expect(page).to_have_title(re.compile(r"^\(1\) "))
    assert sum(len(shown(page)) for page in pages) == 1
    assert sum(page.evaluate("window.tones.length") for page in pages) == 2


def test_no_desktop_notification_while_another_tab_is_looked_at(
    tab, agent, conversation
):
    behind, looked_at = tab(), tab()
    looked_at.evaluate("window.isHidden = false")
    mention(agent, conversation)
    assert shown(behind) == shown(looked_at) == []
    assert looked_at.evaluate("window.tones.length") == 2


def test_sounds_may_be_off(tab, agent, conversation):
    agent.user.sounds = False
    agent.user.save(update_fields=["sounds"])
    page = tab()
    mention(agent, conversation)
    assert len(shown(page)) == 1
    assert page.evaluate("window.tones.length") == 0
