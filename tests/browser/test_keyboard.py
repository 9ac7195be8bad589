"""A day's work without a mouse, with an IME, and with a customer who writes meanwhile."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.choices import Direction, InquiryStatus, MessageKind, ThreadEvent
from conversations.models import Inquiry, Message, Notification
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory

COMPOSING = """(field, key) => field.dispatchEvent(new KeyboardEvent("keydown",
  {key, keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account,
        user__family_name="鈴木",
        user__given_name="あかり",
        user__family_kana="スズキ",
    )


@pytest.fixture
def visitor(webchat) -> Callable[[str], ChatVisitor]:
    """Another customer's browser, which has written one message."""

    def writing(text: str) -> ChatVisitor:
        visitor = ChatVisitor(webchat)
        outside(lambda: (visitor.begin(), visitor.send(text)))
        return visitor

    return writing


@pytest.fixture
def customer(visitor) -> ChatVisitor:
    """The one who has waited longest."""
    customer = visitor("サイズを交換したいです")
    Inquiry.objects.update(waiting_since=timezone.now() - timedelta(hours=1))
    return customer


@pytest.fixture
def desk(signed_in, agent, customer, visitor) -> Page:
    visitor("青はありますか")
    return connected(signed_in(agent), "/desk/")


def leave_field(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


def test_an_inquiry_is_worked_from_arrival_to_its_end_by_keys_alone(
    desk, account, agent, colleague
):
    ContactReasonFactory(account=account, name="サイズ交換")
    first = Inquiry.objects.order_by("waiting_since").first()
    thread, bar = desk.locator("#thread"), desk.locator("#inquiry-bar")
    _take_and_answer(desk, first, agent)
    _mention_a_colleague(desk, colleague)
    _give_it_a_reason(desk)
    _look_at_what_happened(desk)
    _wait_for_the_customer(desk, first)
    _hand_it_over(desk, first, colleague)
    _set_it_aside(desk, first)
    _close_it(desk, first)
    desk.keyboard.press("o")
    expect(bar).not_to_contain_text("対応完了")
    first.refresh_from_db()
    assert first.is_open
    desk.keyboard.press("n")
    expect(thread).to_contain_text("青はありますか")


def _take_and_answer(desk: Page, inquiry: Inquiry, agent) -> None:
    desk.keyboard.press("j")
    expect(desk.locator("#thread")).to_contain_text("サイズを交換したいです")
    desk.keyboard.press("i")
    expect(desk.locator("#inquiry-bar")).to_contain_text(agent.user.name)
    inquiry.refresh_from_db()
    assert (inquiry.owner, inquiry.status) == (agent, InquiryStatus.ACTIVE)
    desk.keyboard.press("r")
    desk.keyboard.type("在庫がございます")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#thread .message--out[data-pk]")).to_contain_text(
        "在庫がございます"
    )
    reply = Message.objects.get(direction=Direction.OUTBOUND)
    assert (reply.inquiry, reply.author) == (inquiry, agent)
    leave_field(desk)


def _mention_a_colleague(desk: Page, colleague) -> None:
    desk.keyboard.press("m")
    desk.keyboard.type("@鈴")
    expect(desk.locator("#mention-list [role=option]")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.locator("#composer-note")).to_have_value("@鈴木 あかり ")
    desk.keyboard.type("在庫の確認を")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#thread .message--note[data-pk]")).to_contain_text(
        "在庫の確認を"
    )
    assert Message.objects.get(kind=MessageKind.NOTE).body.startswith("@鈴木 あかり")
    assert Notification.objects.get(kind="mention").member == colleague
    leave_field(desk)


def _give_it_a_reason(desk: Page) -> None:
    desk.keyboard.press("t")
    expect(desk.locator("#picker [data-picker-field]")).to_be_focused()
    desk.keyboard.type("saizu")
    desk.keyboard.press("Enter")
    expect(desk.locator("#inquiry-bar")).to_contain_text("サイズ交換")
    expect(desk.locator("#picker")).to_be_hidden()


def _look_at_what_happened(desk: Page) -> None:
    desk.keyboard.press("h")
    dialog = desk.locator("#timeline-dialog")
    expect(dialog.locator("li")).to_have_count(3)
    expect(dialog).to_contain_text("対応区分: サイズ交換")
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def _wait_for_the_customer(desk: Page, inquiry: Inquiry) -> None:
    desk.keyboard.press("s")
    items = desk.locator("#picker [role=option]")
    expect(items).to_have_count(3)
    desk.keyboard.press("3")
    status = desk.locator("#inquiry-bar [data-shortcut=s]")
    expect(status).to_contain_text("顧客回答待ち")
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.PENDING


def _hand_it_over(desk: Page, inquiry: Inquiry, colleague) -> None:
    desk.keyboard.press("a")
    desk.keyboard.type("すずき")
    desk.keyboard.press("Enter")
    expect(desk.locator("#inquiry-bar")).to_contain_text("鈴木 あかり")
    expect(desk.locator("#picker")).to_be_hidden()
    inquiry.refresh_from_db()
    assert inquiry.owner == colleague


def _set_it_aside(desk: Page, inquiry: Inquiry) -> None:
    desk.keyboard.press("z")
    desk.keyboard.press("Enter")
    expect(desk.locator("#inquiry-bar [hx-post$='/wake/']")).to_be_visible()
    expect(desk.locator("#picker")).to_be_hidden()
    inquiry.refresh_from_db()
    assert inquiry.snoozed_until > timezone.now()


def _close_it(desk: Page, inquiry: Inquiry) -> None:
    desk.keyboard.press("e")
    picker = desk.locator("#picker")
    expect(picker.locator("[data-picker-field]")).to_be_focused()
    picker.locator("textarea").focus()
    desk.keyboard.type("交換を手配")
    desk.keyboard.press("Enter")
    expect(desk.locator("#inquiry-bar")).to_contain_text("対応完了")
    expect(picker).to_be_hidden()
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.reason.name) == ("done", "サイズ交換")
    assert inquiry.summary == "交換を手配"
    closed = Message.objects.filter(event=ThreadEvent.CLOSED, inquiry=inquiry)
    assert closed.count() == 1


def test_no_colleague_is_taken_while_an_ime_composes(desk, colleague):
    desk.keyboard.press("j")
    expect(desk.locator("#composer-reply")).to_be_visible()
    desk.keyboard.press("m")
    note, names = desk.locator("#composer-note"), desk.locator("#mention-list")
    desk.keyboard.type("@")
    expect(names.locator("[role=option]").first).to_be_visible()
    before = names.locator("[aria-selected=true]").text_content()
    for key in ("ArrowDown", "Tab", "Enter", "Escape"):
        note.evaluate(COMPOSING, key)
    expect(names).to_be_visible()
    expect(names.locator("[aria-selected=true]")).to_have_text(before)
    expect(note).to_have_value("@")
    session = desk.context.new_cdp_session(desk)
    caret = {"selectionStart": 2, "selectionEnd": 2}
    session.send("Input.imeSetComposition", {"text": "すず", **caret})
    session.send("Input.insertText", {"text": "鈴木"})
    expect(names.locator("[role=option]")).to_have_text(["鈴木 あかり スズキ"])
    note.press("Enter")
    expect(note).to_have_value("@鈴木 あかり ")


def test_the_palette_runs_nothing_while_an_ime_composes(desk):
    address = desk.url
    desk.keyboard.press("Control+k")
    palette, options = desk.locator("#palette"), desk.locator("#palette [role=option]")
    field = palette.locator(".palette__input")
    expect(options.nth(1)).to_be_visible()
    chosen = palette.locator("[aria-selected=true]")
    before = chosen.get_attribute("id")
    for key in ("ArrowDown", "Enter", "k"):
        field.evaluate(COMPOSING, key)
    expect(palette).to_be_visible()
    expect(chosen).to_have_attribute("id", before)
    assert desk.url == address
    field.press("ArrowDown")
    expect(chosen).not_to_have_attribute("id", before)


def test_what_arrives_while_one_writes_is_read_before_the_answer_leaves(desk, customer):
    desk.keyboard.press("j")
    thread, reply = desk.locator("#thread"), desk.locator("#composer-reply")
    expect(thread).to_contain_text("サイズを交換したいです")
    # The customer's next words are stored, but the desk's line is slow to say so.
    desk.route(re.compile(r"/messages/\?"), lambda route: route.abort())
    desk.keyboard.press("r")
    desk.keyboard.type("在庫がございます")
    outside(lambda: customer.send("やはり結構です"))
    desk.unroute(re.compile(r"/messages/\?"))
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#composer-notice")).to_contain_text("新しいメッセージ")
    expect(reply).to_have_value("在庫がございます")
    expect(thread).to_contain_text("やはり結構です")
    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()
    expect(desk.locator("#composer [name=seen]")).to_have_value(
        str(Message.objects.get(body="やはり結構です").pk)
    )
    reply.press("Control+Enter")
    expect(desk.locator("#thread .message--out[data-pk]")).to_contain_text(
        "在庫がございます"
    )
    expect(reply).to_have_value("")
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1
