"""The list while one works: a new chat is heard and seen, and rows are as dense as one likes."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import Channel
from conversations.models import Conversation
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.browser.test_notify import ELSEWHERE
from tests.factories.conversations import ConversationFactory
from tests.waiting import until

WATCHED = (
    ELSEWHERE
    + """
window.isHidden = false;
window.lit = [];
const animate = Element.prototype.animate;
Element.prototype.animate = function (frames, options) {
  if (options?.id === "new-chat") window.lit.push(this.id);
  return animate.call(this, frames, options);
};
window.badges = [];
navigator.setAppBadge = async (number) => { window.badges.push(number); };
"""
)


@pytest.fixture
def desk(signed_in, agent) -> Page:
    page = signed_in(agent)
    page.add_init_script(WATCHED)
    connected(page, "/desk/", "watching")
    expect(page.locator("#notifications-last")).to_be_attached()
    page.mouse.click(700, 500)  # browsers play nothing before a gesture
    return page


@pytest.fixture
def another(account) -> Conversation:
    return ConversationFactory(customer__account=account)


def test_a_new_chat_sounds_and_its_row_lights_up(desk: Page, conversation, webchat):
    inquiry = arrive(conversation, webchat, "在庫はありますか").inquiry
    expect(desk.locator(f"#inquiry-{inquiry.pk}")).to_be_visible()
    until(lambda: desk.evaluate("window.lit") == [f"inquiry-{inquiry.pk}"])
    until(lambda: desk.evaluate("window.tones.length") == 3)
    assert not desk.title().startswith("(")  # it is looked at


def test_who_looks_elsewhere_sees_the_number_in_the_title_and_on_the_badge(
    desk: Page, conversation, another, webchat
):
    title = desk.title()
    desk.evaluate("window.isHidden = true")
    arrive(conversation, webchat, "在庫はありますか")
    expect(desk).to_have_title(f"(1) {title}")
    arrive(another, webchat, "届きません")
    expect(desk).to_have_title(f"(2) {title}")
    assert desk.evaluate("window.badges") == [1, 2]
    desk.evaluate(
        """() => { window.isHidden = false;
                   document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    expect(desk).to_have_title(title)
    assert desk.evaluate("window.badges") == [1, 2, 0]


def test_a_second_message_and_a_mail_are_not_announced(
    desk: Page, conversation, webchat, another
):
    first = arrive(conversation, webchat, "在庫はありますか").inquiry
    until(lambda: desk.evaluate("window.tones.length") == 3)
    arrive(conversation, webchat, "もしもし")
    expect(desk.locator(f"#inquiry-{first.pk}")).to_contain_text("もしもし")
    second = arrive(another, webchat, "届きません").inquiry
    until(lambda: f"inquiry-{second.pk}" in desk.evaluate("window.lit"))
    assert desk.evaluate("window.lit.length") == 2


def test_sounds_that_are_switched_off_stay_off(
    desk: Page, agent, conversation, webchat
):
    desk.locator("[popovertarget=user-menu]").click()
    desk.locator("[data-preference=sounds]").click()
    until(lambda: _stored(agent).sounds is False)
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-sounds", "off")
    connected(desk, "/desk/", "watching")
    desk.mouse.click(700, 500)
    inquiry = arrive(conversation, webchat, "在庫はありますか").inquiry
    until(lambda: desk.evaluate("window.lit") == [f"inquiry-{inquiry.pk}"])
    assert desk.evaluate("window.tones.length") == 0


def _stored(member):
    member.user.refresh_from_db()
    return member.user


def test_the_density_of_the_list_is_kept_and_there_before_the_first_paint(
    desk: Page, agent, conversation, webchat
):
    arrive(conversation, webchat, "在庫はありますか")
    row = desk.locator("#list .entry")
    expect(row).to_be_visible()
    tall = row.bounding_box()["height"]
    desk.locator("[popovertarget=user-menu]").click()
    compact = desk.locator("[data-preference=density][data-value=compact]")
    compact.click()
    expect(compact).to_have_attribute("aria-pressed", "true")
    low = row.bounding_box()["height"]
    assert low < tall * 0.8
    until(lambda: _stored(agent).density == "compact")
    html = desk.request.get("/desk/").text()
    assert re.search(r'<html [^>]*data-density="compact"', html)
    desk.goto("/desk/")
    assert row.bounding_box()["height"] == low


def test_channels_have_marks_of_their_own(desk: Page, conversation, webchat):
    arrive(conversation, webchat, "在庫はありますか")
    mark = desk.locator(f'#list .channel[data-channel="{Channel.WEBCHAT}"]')
    expect(mark).to_have_attribute("aria-label", "ウェブチャット")
    mark.hover()
    expect(desk.locator("#tooltip")).to_have_text("ウェブチャット")
