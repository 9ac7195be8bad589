"""定型文 by keyboard, and the question before a send, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from conversations.choices import Direction
from conversations.models import Message, Template
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.conversations import TemplateFactory


@pytest.fixture
def desk(signed_in, agent, account, conversation, webchat) -> Page:
    arrive(conversation, webchat, "まだ届きません")
    TemplateFactory(
        account=account,
        name="はいそう状況",
        shortcut="haisou",
        folder="配送",
        body="{{お客様名}}\n\nご注文{{注文番号}}の件でございます。",
    )
    TemplateFactory(account=account, name="お礼", uses=9, body="ありがとうございます。")
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.locator("#composer-reply").focus()
    return page


def test_a_template_is_found_inserted_and_undone_by_keys(desk):
    reply, listed = desk.locator("#composer-reply"), desk.locator("#template-list")
    options = listed.locator("[role=option]")
    desk.keyboard.type("https://example.jp/x 1/2 ")
    expect(listed).to_be_hidden()
    desk.keyboard.type("/")
    expect(options.first).to_contain_text("お礼")
    desk.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    desk.keyboard.type("x")
    expect(listed).to_be_hidden()
    reply.fill("")
    desk.keyboard.type("/ｈ")
    desk.keyboard.press("Backspace")
    desk.keyboard.type("はいそう")
    expect(options).to_have_count(1)
    desk.keyboard.press("Enter")
    filled = "山田 太郎 様\n\nご注文【要入力：注文番号】の件でございます。"
    expect(reply).to_have_value(filled)
    # The gap is selected: what is typed takes its place.
    desk.keyboard.type("KG-1")
    expect(reply).to_have_value("山田 太郎 様\n\nご注文KG-1の件でございます。")
    desk.keyboard.press("Control+z")
    desk.keyboard.press("Control+z")
    expect(reply).to_have_value("/はいそう")
    assert Template.objects.get(shortcut="haisou").uses == 1


def test_the_button_opens_them_and_an_ime_takes_none(desk):
    reply, listed = desk.locator("#composer-reply"), desk.locator("#template-list")
    desk.keyboard.type("拝啓")
    desk.locator("[data-open-templates]").click()
    expect(listed.locator("[role=option]")).to_have_count(2)
    reply.evaluate(
        """field => field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter",
          keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""
    )
    expect(listed).to_be_visible()
    expect(reply).to_have_value("拝啓")
    desk.keyboard.press("ArrowDown")
    expect(listed.locator("[aria-selected=true]")).to_contain_text("はいそう")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Tab")
    expect(reply).to_have_value("拝啓ありがとうございます。")


def test_a_warned_reply_is_mended_or_sent_as_it_is(desk):
    reply, notice = desk.locator("#composer-reply"), desk.locator("#composer-notice")
    desk.keyboard.type("😀資料を添付します")
    desk.keyboard.press("Control+Enter")
    expect(notice.locator("mark")).to_have_text("添付")
    expect(notice.locator("[data-fix-first]")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(reply).to_be_focused()
    desk.keyboard.type("お送り")
    expect(reply).to_have_value("😀資料をお送りします")
    reply.fill("別の資料を添付します")
    desk.keyboard.press("Control+Enter")
    expect(notice).to_contain_text("別の資料")
    notice.locator("[data-send-anyway]").click()
    expect(desk.locator("#thread .message--out[data-pk]")).to_contain_text(
        "別の資料を添付します"
    )
    expect(notice).to_be_empty()
    expect(reply).to_have_value("")
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


def selected(desk):
    return desk.evaluate(
        """() => { const field = document.activeElement;
          return field.value.slice(field.selectionStart, field.selectionEnd); }"""
    )


def test_tab_goes_from_gap_to_gap_and_out_behind_the_last(desk, account):
    TemplateFactory(
        account=account,
        name="二つ",
        shortcut="futatsu",
        body="注文{{注文番号}}は\n{{追跡番号}}です",
    )
    desk.keyboard.type("/futatsu")
    expect(desk.locator("#template-list [role=option]")).to_have_count(1)
    desk.keyboard.press("Enter")
    reply = desk.locator("#composer-reply")
    expect(reply).to_have_value("注文【要入力：注文番号】は\n【要入力：追跡番号】です")
    assert selected(desk) == "【要入力：注文番号】"
    desk.keyboard.press("Tab")
    assert selected(desk) == "【要入力：追跡番号】"
    desk.keyboard.press("Shift+Tab")
    assert selected(desk) == "【要入力：注文番号】"
    desk.keyboard.type("KG-1")
    desk.keyboard.press("Tab")
    assert selected(desk) == "【要入力：追跡番号】"
    desk.keyboard.type("99")
    expect(reply).to_have_value("注文KG-1は\n99です")
    desk.keyboard.press("Tab")
    expect(reply).not_to_be_focused()
    desk.keyboard.press("Shift+Tab")
    expect(reply).to_be_focused()


def test_an_unfilled_gap_warns_and_tab_never_holds_the_focus(desk):
    reply = desk.locator("#composer-reply")
    reply.fill("注文【要入力：注文番号】です")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#composer-notice mark")).to_have_text("【要入力：注文番号】")
    reply.focus()
    desk.keyboard.press("Control+Home")
    desk.keyboard.press("Tab")
    assert selected(desk) == "【要入力：注文番号】"
    desk.keyboard.press("Tab")
    expect(reply).not_to_be_focused()
