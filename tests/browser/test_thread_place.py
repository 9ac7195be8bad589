"""A long thread: it grows as one scrolls, and is opened at a message, a day or an inquiry."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from conversations.models import Message
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.conversations import InquiryFactory
from tests.factories.threads import inbound_message

COUNT = 100
SHOWN = "#thread > [data-pk]"


@pytest.fixture
def messages(conversation, webchat) -> list[Message]:
    """One an hour, the last an hour ago; the first ten are of one inquiry."""
    now = timezone.now()
    inquiry = InquiryFactory(conversation=conversation, reference="Q-FIRST")
    found = [inbound_message(conversation, webchat, f"{n}番") for n in range(COUNT)]
    for n, message in enumerate(found):
        message.occurred_at = now - timedelta(hours=COUNT - n)
        message.inquiry = inquiry if n < 10 else None
    Message.objects.bulk_update(found, ["occurred_at", "inquiry"])
    return found


@pytest.fixture
def page(signed_in, agent, conversation, messages) -> Page:
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def item(page: Page, message: Message):
    return page.locator(f"#message-{message.pk}")


def top_of(page: Page, message: Message) -> float:
    return item(page, message).evaluate("item => item.getBoundingClientRect().top")


def scroll_up(page: Page, y: int = 60) -> None:
    page.locator("message-thread").evaluate("(box, y) => box.scrollTop = y", y)


def test_earlier_messages_come_by_themselves_and_what_is_read_stays(
    page: Page, messages, conversation, webchat
):
    requests: list[Request] = []

    def note_earlier(one: Request) -> None:
        if "/before/" in one.url:
            requests.append(one)

    page.on("request", note_earlier)
    expect(page.locator(SHOWN)).to_have_count(30)
    expect(item(page, messages[-1])).to_be_in_viewport()
    assert not requests
    page.evaluate(
        """([pk]) => {
          const thread = document.querySelector("message-thread");
          const read = document.getElementById(`message-${pk}`);
          thread.scrollTop = 60;
          window.before = read.getBoundingClientRect().top;
          window.jumps = [];
          const look = () => {
            window.jumps.push(read.getBoundingClientRect().top - window.before);
            window.requestAnimationFrame(look);
          };
          window.requestAnimationFrame(look);
        }""",
        [messages[-28].pk],
    )
    expect(page.locator(SHOWN)).to_have_count(60)
    assert page.evaluate("Math.max(...window.jumps.map(Math.abs))") <= 1
    before = top_of(page, messages[-28])
    arrive(conversation, webchat, "今届きました")
    expect(page.locator("#thread")).to_contain_text("今届きました")
    assert abs(top_of(page, messages[-28]) - before) <= 1
    expect(page.locator("[data-jump] [data-news]")).to_be_visible()


def test_the_button_is_there_for_the_keyboard(page: Page, messages):
    page.locator("[data-earlier]").focus()
    page.keyboard.press("Enter")
    expect(item(page, messages[-60])).to_be_attached()


def test_a_message_by_its_address_grows_down_to_what_has_come_meanwhile(
    signed_in, agent, conversation, messages, webchat
):
    at = messages[40]
    address = f"/conversations/{conversation.pk}/?message={at.pk}"
    page = connected(signed_in(agent), address)
    expect(item(page, at)).to_be_in_viewport()
    expect(page.locator("[data-jump] [data-no-news]")).to_be_visible()
    where = top_of(page, at)
    arrive(conversation, webchat, "今届きました")
    expect(page.locator("[data-jump] [data-news]")).to_be_visible()
    assert abs(top_of(page, at) - where) <= 1
    expect(page.locator("#thread")).not_to_contain_text("今届きました")
    for last in (messages[54], messages[84], messages[-1]):
        expect(item(page, last)).to_be_attached()
        page.locator("message-thread").evaluate("box => box.scrollTop = 1e6")
    expect(page.locator("#thread")).to_contain_text("今届きました")
    shown = page.locator(SHOWN).evaluate_all("all => all.map(one => +one.dataset.pk)")
    assert shown == sorted(set(shown))
    expect(page.locator("[data-later]")).to_have_count(0)


def test_the_menu_leads_to_an_inquiry_to_a_day_and_back(page: Page, messages):
    page.locator("message-thread").focus()
    page.keyboard.press("g")
    menu = page.locator("#jump-menu")
    menu.get_by_role("menuitem", name=re.compile("Q-FIRST")).click()
    expect(item(page, messages[0])).to_be_in_viewport()
    expect(menu).to_be_hidden()
    page.locator("[data-jump]").click()
    expect(item(page, messages[-1])).to_be_in_viewport()
    expect(page.locator("[data-jump]")).to_be_hidden()
    day = timezone.localdate(messages[50].occurred_at)
    first = next(one for one in messages if timezone.localdate(one.occurred_at) == day)
    page.keyboard.press("g")
    menu.get_by_label("日付").fill(day.isoformat())
    page.keyboard.press("Enter")
    expect(item(page, first)).to_be_in_viewport()


def test_ones_own_reply_is_seen_from_anywhere(page: Page, messages):
    scroll_up(page)
    page.keyboard.press("g")
    page.get_by_role("menuitem", name=re.compile("Q-FIRST")).click()
    expect(item(page, messages[0])).to_be_in_viewport()
    page.locator("#composer-reply").fill("承知いたしました")
    page.locator("#composer-reply").press("Control+Enter")
    reply = page.locator("#thread .message--out[data-pk]")
    expect(reply).to_have_count(1)
    expect(reply).to_be_in_viewport()
