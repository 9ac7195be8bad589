"""The chat's forms, its window on a telephone, and its page for calls."""

import re
from functools import partial
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from playwright.sync_api import Page, expect

from conversations.choices import DeliveryState
from conversations.models import Conversation, Inquiry, Message, PickupCode, Visitor
from conversations.replies.actions.reply import send_reply
from tests.browser.chat import field, write
from tests.browser.conftest import outside

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
ACTIVE = "document.querySelector('agentdesk-chat').shadowRoot.activeElement?."
MINUTES = "() => { const now = Date.now; Date.now = () => now() + %d * 60_000; }"


@pytest.fixture
def launched(window, shop):
    """A browser on the shop's page whose chat was opened, whatever it shows."""

    def launching(**options) -> Page:
        page = window(**options).new_page()
        page.goto(shop)
        page.locator(".launcher").click()
        return page

    return launching


def test_a_form_before_the_chat_is_filled_in_first_and_names_the_inquiry(
    launched, webchat
):
    chat = webchat.webchat
    chat.ask_before = chat.ask_subject = True
    chat.save()
    page = launched()
    form, begin = page.locator(".form"), page.locator(".form [type=submit]")
    expect(form).to_be_visible()
    expect(field(page)).to_be_hidden()
    begin.click()
    expect(page.locator("#problem-name")).to_have_text("入力してください。")
    form.locator("[name=name]").fill("山田 太郎")
    form.locator("[name=email]").fill("taro@example")
    begin.click()
    expect(page.locator("#problem-email")).to_contain_text("メールアドレス")
    expect(form.locator("[name=email]")).to_be_focused()
    assert not Visitor.objects.filter(stated__has_key="name").exists()
    form.locator("[name=email]").fill("taro@example.jp")
    form.locator("[name=subject]").fill("サイズ交換")
    begin.click()
    expect(field(page)).to_be_focused()
    page.keyboard.type("Mサイズにしたいです")
    page.keyboard.press("Enter")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    assert Inquiry.objects.get().subject == "サイズ交換"
    assert Visitor.objects.get().stated["email"] == "taro@example.jp"


def test_while_nobody_is_there_a_message_needs_an_address_for_the_answer(
    launched, account, webchat
):
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        store.delete(f"agentdesk:staffed:{account.pk}")
    page = launched()
    form, leave = page.locator(".form"), page.locator(".form [type=submit]")
    form.locator("[name=message]").fill("折り返しお願いします")
    leave.click()
    expect(form.locator("p.problem")).to_contain_text("メールアドレスまたは電話番号")
    assert not Message.objects.exists()
    form.locator("[name=phone]").fill("０９０-１２３４-５６７８")
    leave.click()
    expect(page.locator(".row.mine")).to_contain_text("折り返しお願いします")
    expect(page.locator(".reach")).to_contain_text("０９０-１２３４-５６７８")
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    assert Message.objects.get(kind="text").body == "折り返しお願いします"
    assert Visitor.objects.get().stated["phone"] == "０９０-１２３４-５６７８"


def test_on_a_telephone_it_fills_the_screen_and_keeps_the_focus_inside(launched):
    page = launched(**PHONE)
    panel = page.locator(".panel")
    expect(panel).to_have_attribute("aria-modal", "true")
    expect(panel).to_be_visible()
    panel.evaluate("box => Promise.all(box.getAnimations().map(one => one.finished))")
    box = panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    stops = set()
    for _step in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "agentdesk-chat"
        stops.add(page.evaluate(f"{ACTIVE}getAttribute('aria-label')"))
    assert len(stops) >= 3
    for _step in range(12):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(f"{ACTIVE}closest('.panel') !== null")


def test_the_code_counts_down_ends_and_is_renewed_on_demand(launched):
    page = launched()
    page.get_by_role("button", name="お電話").click()
    code, left = page.locator("output.code"), page.locator(".call .left")
    expect(code).to_have_text(re.compile(r"\d{3} \d{3}"))
    expect(left).to_contain_text(re.compile(r"1[45]:\d\d"))
    expect(page.locator(".qr svg")).to_be_visible()
    expect(page.locator(".call a.number")).to_have_attribute(
        "href", re.compile(r"^tel:\+81")
    )
    first = code.inner_text()
    page.evaluate(MINUTES % 5)
    expect(left).to_contain_text(re.compile(r"(9|10):\d\d"))
    page.evaluate(MINUTES % 11)
    expect(left).to_contain_text("有効期限が切れました")
    page.evaluate(MINUTES % -16)
    page.locator(".call button.secondary").click()
    expect(left).to_contain_text(re.compile(r"1[45]:\d\d"))
    expect(code).not_to_have_text(first)
    assert PickupCode.objects.filter(spent_at=None).count() == 1
    assert PickupCode.objects.count() == 2


def test_a_telephone_shows_no_picture_of_its_own_number(launched):
    page = launched(**PHONE)
    page.get_by_role("button", name="お電話").click()
    expect(page.locator("output.code")).to_be_visible()
    expect(page.locator(".call a.number")).to_be_visible()
    expect(page.locator(".qr")).to_have_count(0)


def _answered_unseen(page, agent) -> None:
    """A reply comes where the visitor does not look: it has arrived, and is not read."""
    conversation = Conversation.objects.get()
    reply = partial(
        send_reply, conversation, member=agent, body="承りました", client_id=uuid4()
    )
    with page.expect_response("**/read/**") as receipt:
        outside(reply)
    assert receipt.value.request.post_data_json["seen"] is False


def test_a_reply_behind_the_page_for_calls_is_unread_until_one_is_back(launched, agent):
    page = launched()
    write(page, "\n".join(["長い話です"] * 40))
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    page.get_by_role("button", name="お電話").click()
    expect(page.locator("output.code")).to_be_visible()
    _answered_unseen(page, agent)
    back = page.locator(".call .back")
    expect(back.locator(".badge")).to_have_text("1")
    expect(back).to_have_accessible_name("チャットに戻る（新着1件）")
    with page.expect_response("**/read/**") as receipt:
        back.click()
    assert receipt.value.request.post_data_json["seen"] is True
    expect(page.locator(".row.theirs").last).to_be_in_viewport(ratio=1)
    assert Message.objects.get(body="承りました").state == DeliveryState.READ
    page.get_by_role("button", name="お電話").click()
    expect(back.locator(".badge")).to_be_hidden()


def test_a_reply_below_the_fold_is_read_once_one_scrolls_to_it(launched, agent):
    page = launched()
    write(page, "\n".join(["長い話です"] * 40))
    expect(page.locator(".row.mine .mark")).to_have_text("送信済み")
    page.locator(".log").evaluate("log => { log.scrollTop = 0; }")
    _answered_unseen(page, agent)
    with page.expect_response("**/read/**") as receipt:
        page.locator(".jump").click()
    assert receipt.value.request.post_data_json["seen"] is True
