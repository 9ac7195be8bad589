"""The one picker of the inquiry bar: typed in kanji, kana or Latin letters, chosen by a key."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from conversations.choices import InquiryStatus
from conversations.models import Inquiry
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.browser.test_keyboard import COMPOSING
from tests.browser.test_note_files import caught
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory

PICKER = "#picker"
OPTIONS = "#picker [role=option]"
FIELD = "[data-picker-field]"
BAR = "#inquiry-bar"


@pytest.fixture
def reasons(account):
    names = ("サイズ交換", "配送状況", "返品・返金", "請求書の発行", "その他")
    return [
        ContactReasonFactory(account=account, name=name, position=at)
        for at, name in enumerate(names)
    ]


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account,
        user__family_name="鈴木",
        user__given_name="あかり",
        user__family_kana="スズキ",
        user__given_kana="アカリ",
    )


@pytest.fixture
def page(signed_in, agent, conversation, webchat, reasons, colleague) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def opened(page: Page, key: str) -> Locator:
    """The choices of the picker that this key opens."""
    page.keyboard.press(key)
    expect(page.locator(FIELD)).to_be_focused()
    options = page.locator(OPTIONS)
    expect(options.first).to_be_visible()
    return options


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("配送", "配送状況"),
        ("はいそう", "配送状況"),
        ("ハイソウ", "配送状況"),
        ("ﾊｲｿｳ", "配送状況"),
        ("haisou", "配送状況"),
        ("HAISO", "配送状況"),
        ("はいs", "配送状況"),
        ("joukyou", "配送状況"),
        ("zyokyo", "配送状況"),
        ("henpin", "返品・返金"),
        ("saizu", "サイズ交換"),
        ("seikyu", "請求書の発行"),
    ],
)
def test_a_reason_is_found_however_it_is_typed(page, typed, found):
    options = opened(page, "t")
    page.locator(FIELD).fill(typed)
    expect(options).to_have_count(1)
    expect(options).to_contain_text(found)
    page.keyboard.press("Enter")
    expect(page.locator(f"{BAR} [data-shortcut=t]")).to_contain_text(found)
    expect(page.locator(PICKER)).to_be_hidden()
    assert Inquiry.objects.get().reason.name == found


@pytest.mark.parametrize(
    "typed", ["鈴木", "すずき", "ｽｽﾞｷ", "suzuki", "あかり", "akari"]
)
def test_a_colleague_is_found_however_they_are_typed(page, colleague, typed):
    options = opened(page, "a")
    page.locator(FIELD).fill(typed)
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(f"{BAR} [data-shortcut=a]")).to_contain_text("鈴木 あかり")
    assert Inquiry.objects.get().owner == colleague


def test_no_dialog_stands_over_the_desk_and_escape_gives_the_focus_back(page):
    for key in ("a", "t", "s", "z", "e"):
        page.locator(f"{BAR} [data-shortcut={key}]").focus()
        opened(page, key)
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.locator(PICKER)).to_be_hidden()
        expect(page.locator(f"{BAR} [data-shortcut={key}]")).to_be_focused()


def test_a_second_press_of_its_button_closes_it(page):
    button = page.locator(f"{BAR} [data-shortcut=t]")
    button.click()
    expect(page.locator(OPTIONS).first).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(page.locator(PICKER)).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.locator(f"{BAR} [data-shortcut=s]").click()
    expect(page.locator(OPTIONS)).to_have_count(3)


def test_a_digit_and_the_arrows_choose(page):
    opened(page, "s")
    page.keyboard.press("3")
    expect(page.locator(f"{BAR} [data-shortcut=s]")).to_contain_text("顧客回答待ち")
    options = opened(page, "s")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(f"{BAR} [data-shortcut=s]")).to_contain_text("対応中")
    expect(page.locator(f"{BAR} [data-shortcut=s]")).to_be_focused()


def test_keys_that_come_before_the_choices_wait_for_them(page):
    held: list[Route] = []
    page.route(re.compile(r"/assign/$"), lambda route: held.append(route), times=1)
    page.keyboard.press("a")
    page.keyboard.type("すずき")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#picker:popover-open')")
    expect(page.locator(OPTIONS)).to_have_count(0)
    caught(page, held)
    held[0].continue_()
    expect(page.locator(f"{BAR} [data-shortcut=a]")).to_contain_text("鈴木 あかり")


def test_nothing_is_chosen_while_an_ime_composes(page):
    options = opened(page, "t")
    field = page.locator(FIELD)
    for key in ("1", "ArrowDown", "Enter"):
        field.evaluate(COMPOSING, key)
    expect(page.locator(PICKER)).to_be_visible()
    expect(options.first).to_have_attribute("aria-selected", "true")
    session = page.context.new_cdp_session(page)
    caret = {"selectionStart": 2, "selectionEnd": 2}
    session.send("Input.imeSetComposition", {"text": "へん", **caret})
    expect(options).to_have_count(1)
    expect(options).to_contain_text("返品・返金")
    assert Inquiry.objects.get().reason is None


def test_i_come_first_then_who_was_here_last(page, agent, conversation, colleague):
    options = opened(page, "a")
    expect(options.first).to_contain_text(agent.user.name)
    expect(options.first).to_contain_text("自分")
    page.keyboard.press("1")
    expect(page.locator(f"{BAR} [data-shortcut=a]")).to_contain_text(agent.user.name)
    options = opened(page, "a")
    expect(options.first).to_contain_text("鈴木 あかり")


def test_the_reason_of_these_weeks_comes_first(page, account, conversation, reasons):
    inquiry = Inquiry.objects.get()
    for number in range(3):
        Inquiry.objects.create(
            account=account,
            conversation=conversation,
            queue=inquiry.queue,
            reference=f"Z2Z-{number}",
            status=InquiryStatus.DONE,
            closed_at=timezone.now(),
            reason=reasons[3],
        )
    options = opened(page, "t")
    expect(options.first).to_contain_text("請求書の発行")
    expect(options).to_have_count(6)


def test_it_is_snoozed_until_a_time_that_is_typed(page):
    opened(page, "z")
    page.locator(FIELD).press_sequentially("明日15時")
    page.keyboard.press("Enter")
    expect(page.locator(f"{BAR} [hx-post$='/wake/']")).to_be_visible()
    until = timezone.localtime(Inquiry.objects.get().snoozed_until)
    assert (until.hour, until.minute) == (15, 0)
    assert until.date() == timezone.localdate() + timedelta(days=1)


def test_what_is_no_time_chooses_nothing(page):
    opened(page, "z")
    page.locator(FIELD).fill("99時")
    expect(page.locator("[data-picker-none]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(PICKER)).to_be_visible()
    assert Inquiry.objects.get().snoozed_until is None


def test_it_is_closed_by_three_keys_with_a_summary_if_one_likes(page):
    opened(page, "e")
    page.locator(FIELD).fill("さいず")
    page.locator("#picker textarea").fill("Mへ交換")
    page.locator("#picker label", has_text="対応不要").click()
    page.locator(FIELD).press("Enter")
    expect(page.locator(BAR)).to_contain_text("対応不要")
    inquiry = Inquiry.objects.get()
    assert (inquiry.reason.name, inquiry.summary) == ("サイズ交換", "Mへ交換")
    page.keyboard.press("u")
    expect(page.locator(f"{BAR} [data-shortcut=e]")).to_be_visible()


def test_a_message_that_has_come_meanwhile_is_read_before_it_is_closed(
    page, conversation, webchat
):
    opened(page, "e")
    page.locator("#picker textarea").fill("交換済み")
    arrive(conversation, webchat, "やはり返品で")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#picker [role=alert]")).to_contain_text("新しいメッセージ")
    expect(page.locator("#picker textarea")).to_have_value("交換済み")
    assert Inquiry.objects.get().is_open
    page.locator(FIELD).press("Enter")
    expect(page.locator(BAR)).to_contain_text("対応完了")
