"""Several rows of the list at once: by keys, by the pointer, and while the list changes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.choices import InquiryStatus
from conversations.inquiries.actions.inquiry import assign
from conversations.models import Inquiry
from tests.browser.conftest import arrive, outside
from tests.browser.sockets import connected
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.waiting import until

NAMES = ("石川", "前田", "後藤", "岡田")


@pytest.fixture
def inquiries(account, webchat) -> list[Inquiry]:
    """Four that wait, the longest first in the list."""
    found = []
    for name in NAMES:
        conversation = ConversationFactory(
            customer__account=account, customer__family_name=name
        )
        arrive(conversation, webchat, f"{name}です")
        found.append(conversation.inquiries.get())
    return found


@pytest.fixture
def desk(signed_in, agent, inquiries) -> Page:
    page = signed_in(agent)
    connected(page, "/desk/", "watching")
    expect(page.locator(".entry")).to_have_count(4)
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(".entry", has_text=name)


def chosen(page: Page) -> list[str]:
    boxes = page.locator(".entry__box").all()
    return [name for name, box in zip(NAMES, boxes, strict=True) if box.is_checked()]


def test_keys_mark_and_extend_and_escape_lets_go(desk: Page):
    row(desk, "石川").focus()
    desk.keyboard.press("x")
    bar = desk.locator("#bulk-form")
    expect(bar.locator("[role=status]")).to_have_text("1件を選択中")
    desk.keyboard.press("Shift+J")
    desk.keyboard.press("Shift+J")
    expect(row(desk, "後藤")).to_be_focused()
    assert chosen(desk) == ["石川", "前田", "後藤"]
    desk.keyboard.press("Shift+K")
    assert chosen(desk) == ["石川", "前田"]
    expect(bar.locator("[role=status]")).to_have_text("2件を選択中")
    assert desk.url.endswith("/desk/")  # nothing was opened
    desk.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert chosen(desk) == []


def test_x_marks_the_row_under_the_pointer_and_else_the_open_one(desk: Page):
    row(desk, "前田").click()
    expect(desk.locator("#workspace")).to_contain_text("前田です")
    row(desk, "岡田").hover()
    desk.keyboard.press("x")
    assert chosen(desk) == ["岡田"]
    desk.keyboard.press("Escape")
    desk.locator("#conversation").hover()
    desk.keyboard.press("x")
    assert chosen(desk) == ["前田"]


def test_the_pointer_marks_by_the_box_and_with_shift_up_to_a_row(desk: Page):
    row(desk, "石川").hover()
    desk.locator(".entry__box").nth(0).click()
    row(desk, "後藤").click(modifiers=["Shift"])
    expect(desk.locator("#bulk-form [role=status]")).to_have_text("3件を選択中")
    assert chosen(desk) == ["石川", "前田", "後藤"]
    desk.locator("[data-select-all]").click()
    assert len(chosen(desk)) == 4
    desk.locator("[data-select-none]").click()
    expect(desk.locator("#bulk-form")).to_be_hidden()


def test_what_is_marked_outlasts_what_happens_in_the_list(
    desk: Page, inquiries, webchat, account, supervisor
):
    row(desk, "石川").focus()
    desk.keyboard.press("x")
    desk.keyboard.press("Shift+J")
    arrive(inquiries[3].conversation, webchat, "まだですか")
    expect(row(desk, "岡田")).to_contain_text("まだですか")
    another = ConversationFactory(
        customer__account=account, customer__family_name="小川"
    )
    arrive(another, webchat, "はじめまして")
    expect(desk.locator(".entry")).to_have_count(5)
    expect(desk.locator("#bulk-form [role=status]")).to_have_text("2件を選択中")
    expect(desk.locator(".entry__box").nth(1)).to_be_checked()
    # What leaves the list is no longer among them: nobody changes what they do not see.
    desk.locator("[data-select-none]").click()
    desk.keyboard.press("2")
    expect(desk.locator("#list [data-shortcut='2']")).to_have_attribute(
        "aria-current", "true"
    )
    row(desk, "石川").focus()
    desk.keyboard.press("x")
    desk.keyboard.press("Shift+J")
    outside(lambda: assign(inquiries[0], actor=supervisor.user, owner=supervisor))
    expect(desk.locator(".entry")).to_have_count(4)
    expect(desk.locator("#bulk-form [role=status]")).to_have_text("1件を選択中")


def test_the_keys_of_one_act_on_all_that_are_marked_and_u_takes_it_back(
    desk: Page, agent
):
    row(desk, "石川").focus()
    desk.keyboard.press("x")
    desk.keyboard.press("Shift+J")
    desk.keyboard.press("i")
    expect(desk.locator(".toast", has_text="2件の担当")).to_be_visible()
    until(lambda: Inquiry.objects.filter(owner=agent).count() == 2)
    expect(desk.locator("#bulk-form")).to_be_hidden()
    desk.keyboard.press("u")
    until(lambda: not Inquiry.objects.filter(owner=agent).exists())
    expect(desk.locator(".toast", has_text="元に戻しました")).to_be_visible()


def test_they_are_closed_with_one_reason_and_what_could_not_be_is_told(
    desk: Page, inquiries, account, webchat
):
    reason = ContactReasonFactory(account=account, name="在庫")
    row(desk, "石川").focus()
    desk.keyboard.press("x")
    desk.keyboard.press("Shift+J")
    desk.keyboard.press("e")
    dialog = desk.locator("#bulk-close-dialog")
    expect(dialog).to_contain_text("2件の問い合わせを完了")
    arrive(inquiries[1].conversation, webchat, "やはり")
    dialog.locator(f"[name=reason_{account.pk}]").select_option(str(reason.pk))
    dialog.locator("[type=submit]").click()
    expect(dialog).to_be_hidden()
    refused = desk.locator(".selection__refused")
    expect(refused).to_contain_text("1件は変更できませんでした")
    expect(refused).to_contain_text("前田")
    until(lambda: Inquiry.objects.get(pk=inquiries[0].pk).status == InquiryStatus.DONE)
    assert Inquiry.objects.get(pk=inquiries[1].pk).is_open
    # It stays chosen, to be looked at and tried again.
    expect(desk.locator("#bulk-form [role=status]")).to_have_text("1件を選択中")
    refused.locator("[data-dismiss]").click()
    expect(refused).to_be_hidden()


def test_the_help_lists_the_keys(desk: Page):
    desk.keyboard.press("?")
    keys = desk.locator("[data-shortcut-list]")
    expect(keys.locator("li", has_text="次の行も選択")).to_contain_text("Shift J")
    expect(keys.locator("li", has_text="行を選択（まとめて操作）")).to_contain_text("X")
