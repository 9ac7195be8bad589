"""The desk in a browser that stores nothing for it, or something of the wrong shape."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.calls.actions.call import start_call
from conversations.choices import NotificationKind
from conversations.inquiries.actions.notify import notify
from conversations.models import Call
from tests.browser.chat import BLOCK, FULL
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.waiting import until

WRONG = """
for (const place of [localStorage, sessionStorage])
  for (const key of ["agentdesk-said", "agentdesk-rings-told", "agentdesk-rings-ignored",
                     "agentdesk-call-entered", "agentdesk.panes", "agentdesk.theme"])
    place.setItem(key, %s);
"""
STATES = {
    "blocked": BLOCK + "Object.defineProperty(navigator, 'locks', {get: refuse});",
    "full": FULL,
    "a number": WRONG % "'5'",
    "an object": WRONG % """'{"width": {"list": "wide"}, "folded": 1}'""",
    "no JSON": WRONG % "'{'",
}
SPEAKS = """
window.shown = [];
Object.defineProperty(document, "hidden", { get: () => true });
window.Notification = class extends EventTarget {
  static permission = "granted";
  constructor(title) { super(); window.shown.push(title); }
  close() {}
};
"""


@pytest.fixture(params=list(STATES.values()), ids=list(STATES))
def page(request, signed_in, agent, queue) -> Page:
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    agent.user.desktop_notifications = True
    agent.user.save(update_fields=["desktop_notifications"])
    page: Page = signed_in(agent)
    context: BrowserContext = page.context
    context.add_init_script(request.param)
    return page


def test_a_ring_and_the_notes_of_a_call_need_no_storage(
    page, agent, caller, account, queue
):
    problems: list[object] = []
    page.on("pageerror", lambda error: problems.append(error))
    connected(page, "/calls/", "watching")
    pbx = Pbx(phone_inbox_of(account, queue))
    outside(pbx.ring)
    expect(page.locator("[data-ring]")).to_be_visible()
    page.keyboard.press("Alt+x")
    expect(page.locator("[data-ring]")).to_be_hidden()
    outside(lambda: start_call(agent, customer=caller))
    page.reload()
    page.locator("#call-line-request").fill("保存される")
    until(lambda: Call.objects.filter(lines__request="保存される").exists())
    assert problems == []


def test_what_concerns_the_user_is_spoken_without_a_storage(page, agent, conversation):
    page.context.add_init_script(SPEAKS)
    connected(page, "/desk/", "watching")
    expect(page.locator("#notifications-last")).to_be_attached()
    width = page.locator("#pane-list").bounding_box()["width"]
    assert 220 <= width <= 480
    outside(lambda: notify(agent, NotificationKind.MENTION, conversation))
    until(lambda: page.evaluate("window.shown.length") == 1)
