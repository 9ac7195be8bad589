"""Sending later, in a real browser: chosen, seen in the thread, mended, and never at once."""

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Message, ScheduledReply
from tests.browser.conftest import arrive
from tests.browser.sockets import connected

LATER = "#composer .composer__later"


@pytest.fixture
def desk(signed_in, conversation, webchat, agent) -> Page:
    arrive(conversation, webchat, "まだ届きません")
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.locator("#composer-reply").focus()
    return page


def choose(desk, text):
    desk.keyboard.type(text)
    desk.locator(LATER).click()
    offered = desk.locator("#send-later [data-send-at]")
    expect(offered.first).to_be_focused()
    desk.keyboard.press("Enter")


def test_it_is_chosen_by_keys_and_stands_below_the_thread(desk):
    choose(desk, "明朝ご連絡いたします")
    waiting = desk.locator("[data-scheduled]")
    expect(waiting).to_contain_text("明朝ご連絡いたします")
    expect(waiting).to_contain_text("予約")
    expect(desk.locator("#composer-reply")).to_have_value("")
    expect(desk.locator("[data-outbox]")).to_have_count(0)
    expect(desk.locator(".entry__scheduled")).to_be_visible()
    assert not Message.objects.filter(direction="outbound").exists()
    # What is sent next goes at once.
    desk.locator("#composer-reply").focus()
    desk.keyboard.type("少々お待ちください")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#thread")).to_contain_text("少々お待ちください")
    assert ScheduledReply.objects.count() == 1


def test_it_is_mended_before_what_was_begun_since_and_undone(desk):
    choose(desk, "明朝")
    expect(desk.locator("[data-scheduled]")).to_be_visible()
    desk.locator("#composer-reply").focus()
    desk.keyboard.type("続き")
    desk.locator("[data-edit-scheduled]").click()
    expect(desk.locator("#composer-reply")).to_have_value("明朝\n\n続き")
    expect(desk.locator("[data-scheduled]")).to_have_count(0)
    desk.locator("#composer-reply").fill("")
    choose(desk, "もう一度")
    expect(desk.locator("[data-scheduled]")).to_be_visible()
    desk.locator("[data-toast-action]").last.click()
    expect(desk.locator("#composer-reply")).to_have_value("もう一度")
    assert not ScheduledReply.objects.exists()


def test_asked_about_it_is_scheduled_as_it_is_and_not_sent(desk):
    choose(desk, "資料を添付します")
    desk.locator("[data-send-anyway]").click()
    expect(desk.locator("[data-scheduled]")).to_contain_text("資料を添付します")
    assert not Message.objects.filter(direction="outbound").exists()


def test_another_time_is_typed_and_one_that_is_over_is_refused(desk):
    desk.keyboard.type("先日の件")
    desk.locator(LATER).click()
    at = desk.locator("#send-later-at")
    at.fill("2020-01-01T09:00")
    desk.locator("[data-send-at-chosen]").click()
    expect(desk.locator("#composer-notice")).to_contain_text("日時")
    expect(desk.locator("#composer-reply")).to_have_value("先日の件")


def test_sent_now_it_is_a_message_for_everybody(desk):
    choose(desk, "明朝")
    desk.locator("[data-scheduled] [hx-post$='/send/']").click()
    expect(desk.locator("#thread .message--out")).to_contain_text("明朝")
    expect(desk.locator("[data-scheduled]")).to_have_count(0)
