"""A message that fails, or is answered late, when its writer has gone on to something else."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from conversations.choices import Direction
from conversations.models import Conversation, Draft, Message
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.browser.test_note_files import caught
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.waiting import until

COMPOSE = re.compile(r"/conversations/\d+/compose/$")
REPLY = "#composer-reply"


@pytest.fixture
def other(account, webchat) -> Conversation:
    customer = CustomerFactory(account=account, family_name="前田", given_name="光")
    conversation = ConversationFactory(customer=customer)
    arrive(conversation, webchat, "別のお客様です")
    return conversation


@pytest.fixture
def page(signed_in, agent, conversation, webchat, other) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def send(page: Page, text: str) -> None:
    page.locator(REPLY).focus()
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def open_other(page: Page) -> None:
    page.locator(".entry", has_text="前田 光").click()
    expect(page.locator("#workspace")).to_contain_text("別のお客様です")


@pytest.mark.parametrize("how", ["refused", "broken", "unreachable"])
def test_a_reply_that_fails_behind_its_writer_is_counted_and_mended(
    page: Page, conversation, how
):
    held: list[Route] = []
    page.route(COMPOSE, lambda route: held.append(route))
    send(page, "在庫がございます")
    caught(page, held)
    open_other(page)
    expect(page.locator("[data-outbox]")).to_have_count(0)
    if how == "refused":
        banner = (
            '<div class="banner"><div class="banner__body">時間切れです</div></div>'
        )
        held[0].fulfill(status=422, body=banner, content_type="text/html")
    elif how == "broken":
        held[0].fulfill(status=500, body="")
    else:
        held[0].abort()
    button = page.locator("outbox-button")
    expect(button.locator("[data-count]")).to_have_text("1")
    button.locator("button").click()
    row = button.get_by_role("menuitem")
    expect(row).to_contain_text("山田 太郎 様")
    expect(row).to_contain_text("在庫がございます")
    row.click()
    bubble = page.locator("#thread [data-outbox]")
    expect(bubble).to_contain_text("在庫がございます")
    if how == "refused":
        expect(bubble).to_contain_text("時間切れです")
    expect(page.locator(REPLY)).to_have_value("")
    bubble.locator("[data-mend]").click()
    expect(page.locator(REPLY)).to_have_value("在庫がございます")
    expect(page.locator(REPLY)).to_be_focused()
    expect(page.locator("[data-outbox]")).to_have_count(0)
    expect(button).to_be_hidden()
    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()


def test_a_reply_that_goes_behind_its_writer_leaves_no_draft(page: Page, conversation):
    held: list[Route] = []
    page.route(COMPOSE, lambda route: held.append(route))
    send(page, "在庫がございます")
    caught(page, held)
    open_other(page)
    held[0].continue_()
    until(lambda: Message.objects.filter(direction=Direction.OUTBOUND).exists())
    expect(page.locator(".entry__draft")).to_have_count(0)
    assert not Draft.objects.exists()
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("place", [".thread-scroll", "#call-query"])
def test_the_focus_stays_where_the_writer_went_while_it_was_sent(page: Page, place):
    held: list[Route] = []
    page.route(COMPOSE, lambda route: held.append(route))
    send(page, "在庫がございます")
    caught(page, held)
    page.locator(place).focus()
    held[0].continue_()
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(page.locator(REPLY)).to_have_value("")
    expect(page.locator(place)).to_be_focused()


def test_the_focus_is_back_in_the_text_where_nobody_went_anywhere(page: Page):
    page.locator(REPLY).fill("在庫がございます")
    page.locator(".composer__send").click()
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(page.locator(REPLY)).to_be_focused()
