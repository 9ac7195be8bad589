"""A reply that closes, snoozes or leads to the next: one key, one request, both or neither."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import InquiryStatus
from conversations.models import Inquiry, Message
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.browser.test_moved_on import COMPOSE, REPLY
from tests.browser.test_outbox import OURS
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.waiting import until

BAR = "#inquiry-bar"
FIELD = "[data-picker-field]"


@pytest.fixture
def reason(account):
    ContactReasonFactory(account=account, name="配送状況", position=0)
    return ContactReasonFactory(account=account, name="サイズ交換", position=1)


@pytest.fixture
def page(signed_in, agent, conversation, webchat, reason) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def write(page: Page, words: str = "交換を手配しました") -> None:
    page.keyboard.press("r")
    page.locator(REPLY).fill(words)


def replies() -> int:
    return Message.objects.filter(direction="outbound").count()


def test_the_reply_closes_with_the_reason_asked_at_its_foot(page):
    write(page)
    page.locator(REPLY).press("Control+Shift+Enter")
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator("dialog[open]")).to_have_count(0)
    picker = page.locator("#picker").bounding_box()
    send = page.locator("#send-more").bounding_box()
    assert picker["y"] + picker["height"] <= send["y"]
    assert replies() == 0
    page.keyboard.type("saizu")
    page.keyboard.press("Enter")
    expect(page.locator(OURS)).to_contain_text("交換を手配しました")
    expect(page.locator(BAR)).to_contain_text("対応完了")
    expect(page.locator(REPLY)).to_have_value("")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.reason.name) == ("done", "サイズ交換")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(f"{BAR} [data-shortcut=e]")).to_be_visible()
    assert Inquiry.objects.get().is_open


def test_one_that_has_its_reason_is_not_asked_for_it(page, reason):
    page.keyboard.press("t")
    page.locator(FIELD).fill("サイズ")
    page.keyboard.press("Enter")
    expect(page.locator(f"{BAR} [data-reason]")).to_contain_text("サイズ交換")
    write(page)
    page.locator(REPLY).press("Control+Shift+Enter")
    expect(page.locator(BAR)).to_contain_text("対応完了")
    assert replies() == 1


def test_escape_leaves_the_reply_as_it_was(page):
    write(page)
    page.locator(REPLY).press("Control+Shift+Enter")
    expect(page.locator("#picker [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(REPLY)).to_be_focused()
    expect(page.locator(REPLY)).to_have_value("交換を手配しました")
    page.keyboard.press("Control+Enter")
    expect(page.locator(OURS)).to_have_count(1)
    assert Inquiry.objects.get().is_open


def test_the_reply_snoozes_by_the_menu_beside_the_button(page):
    write(page)
    page.locator("#send-more").click()
    page.locator("[data-after-send=snooze]").click()
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator("#picker [role=option]").first).to_contain_text("明日の朝")
    page.keyboard.press("1")
    expect(page.locator(f"{BAR} [hx-post$='/wake/']")).to_be_visible()
    assert replies() == 1
    assert Inquiry.objects.get().snoozed_until


def test_the_next_is_taken_once_the_reply_has_gone(page, account, webchat):
    other = CustomerFactory(account=account, family_name="前田", given_name="光")
    arrive(ConversationFactory(customer=other), webchat, "次のお客様です")
    write(page)
    page.locator(REPLY).press("Alt+Enter")
    expect(page.locator("#thread")).to_contain_text("次のお客様です")
    assert replies() == 1


def test_what_is_refused_closes_nothing(page, conversation, webchat):
    write(page)
    page.route(re.compile(r"/messages/\?"), lambda route: route.abort())
    arrive(conversation, webchat, "やはり結構です")
    page.unroute(re.compile(r"/messages/\?"))
    page.locator(REPLY).press("Control+Shift+Enter")
    page.keyboard.type("saizu")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-notice")).to_contain_text("新しいメッセージ")
    expect(page.locator(REPLY)).to_have_value("交換を手配しました")
    assert (replies(), Inquiry.objects.get().is_open) == (0, True)
    expect(page.locator("#thread")).to_contain_text("やはり結構です")
    newest = str(Message.objects.get(body="やはり結構です").pk)
    expect(page.locator("#composer [name=seen]")).to_have_value(newest)
    page.locator(REPLY).press("Control+Enter")  # a plain send is plain again
    expect(page.locator(OURS)).to_have_count(1)
    assert Inquiry.objects.get().is_open


def test_without_a_line_both_go_once_it_is_back_and_once(page):
    write(page)
    page.locator(REPLY).press("Control+Shift+Enter")
    expect(page.locator("#picker [role=option]").first).to_be_visible()
    page.route(COMPOSE, lambda route: route.abort())
    page.keyboard.press("2")
    expect(page.locator("#thread [data-outbox]")).to_contain_text("接続が戻りしだい")
    assert Inquiry.objects.get().is_open
    page.unroute(COMPOSE)
    page.locator("#thread [data-outbox] [data-again]").click()
    expect(page.locator(BAR)).to_contain_text("対応完了")
    until(lambda: replies() == 1)
    assert Inquiry.objects.get().status == InquiryStatus.DONE


def test_a_note_is_only_a_note(page):
    page.keyboard.press("m")
    expect(page.locator("#send-more")).to_be_hidden()
    page.locator("#composer-note").fill("在庫を確認")
    page.locator("#composer-note").press("Control+Shift+Enter")
    expect(page.locator("#picker")).to_be_hidden()
    assert not Message.objects.filter(kind="note").exists()
