"""The story of the product, in two browsers: a customer writes, then calls; one thread."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agentdesk import crypto as credentials
from conversations.choices import (
    Channel,
    Direction,
    InquiryStatus,
    MessageKind,
    ThreadEvent,
)
from conversations.models import Call, Conversation, Inquiry, Message
from customers.choices import IdentityKind
from customers.models import Customer, Identity, Product
from tests.browser.sockets import connected
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.factories.customers import (
    CustomerFactory,
    IdentityFactory,
    OrderFactory,
    OrderLineFactory,
)

LONG_AGO = timedelta(days=40)


@pytest.fixture
def account(account):
    account.closed_on_holidays = False
    account.save(update_fields=["closed_on_holidays"])
    return account


@pytest.fixture
def customer(account, queue, webchat):
    """Known to the shop, with a purchase and an inquiry of last month."""
    webchat.webchat.identity_secret = credentials.seal("s" * 40)
    webchat.webchat.save()
    Product.objects.create(account=account, sku="K-1", name="リネンシャツ", price=12800)
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, kind=IdentityKind.SHOP, value="S-1")
    OrderLineFactory(order=OrderFactory(customer=customer, number="KG-700001"))
    then = timezone.now() - LONG_AGO
    Inquiry.objects.create(
        account=account,
        conversation=ConversationFactory(customer=customer),
        queue=queue,
        reference="20261001-1",
        channel=Channel.PHONE,
        subject="配送先の変更",
        status=InquiryStatus.DONE,
        opened_at=then,
        closed_at=then,
        last_activity_at=then,
    )
    return customer


@pytest.fixture
def desk(signed_in, agent) -> Page:
    """The agent's desk, its socket heard."""
    page = signed_in(agent)
    return connected(page, "/desk/", "watching")


@pytest.fixture
def shop(window, customer, desk) -> Page:
    """The customer's browser: signed in at the shop, a shirt in the cart, chat open."""
    page = window().new_page()
    page.goto("/demo/kogane/")
    page.locator("#shopper").select_option(str(customer.pk))
    page.get_by_role("button", name="切り替え").click()
    page.get_by_role("button", name="リネンシャツをカートに入れる").click()
    page.locator(".launcher").click()
    return page


def write(shop: Page, text: str) -> None:
    shop.locator(".composer textarea").fill(text)
    shop.keyboard.press("Enter")


def answer(desk: Page, text: str) -> None:
    desk.locator("#composer-reply").fill(text)
    desk.keyboard.press("Control+Enter")


def open_first(desk: Page) -> None:
    expect(desk.locator("#list")).to_contain_text("山田 太郎")
    desk.keyboard.press("j")
    expect(desk.locator("#composer-reply")).to_be_visible()


def test_a_chat_becomes_a_call_and_stays_one_conversation(
    desk, shop, customer, account
):
    ContactReasonFactory(account=account, name="サイズ交換")
    write(shop, "サイズを交換したいです")
    _the_agent_sees_who_writes(desk)
    _they_talk(desk, shop)
    _the_customer_comes_back_after_a_reload(desk, shop)
    _the_agents_line_is_lost_for_a_while(desk, shop)
    _the_customers_line_is_lost_for_a_while(desk, shop)
    _the_customer_calls_with_a_code(desk, shop)
    _the_agent_notes_and_wraps_up(desk)
    _it_is_one_conversation(customer)


def _the_agent_sees_who_writes(desk: Page) -> None:
    open_first(desk)
    expect(desk.locator("#thread")).to_contain_text("サイズを交換したいです")
    expect(desk.locator("#pane-customer")).to_contain_text("KG-700001")
    expect(desk.locator("#customer-history")).to_contain_text("配送先の変更")
    expect(desk.locator("#customer-cart")).to_contain_text("リネンシャツ")
    expect(desk.locator("#visitor-card")).to_contain_text("こがね洋品店 オンライン")


def _they_talk(desk: Page, shop: Page) -> None:
    expect(shop.locator(".row.mine .mark")).to_have_text("既読")
    desk.locator("#composer-reply").press_sequentially("在庫")
    expect(shop.locator(".typing")).not_to_be_empty()
    answer(desk, "在庫がございます")
    expect(shop.locator(".row.theirs").last).to_contain_text("在庫がございます")
    expect(desk.locator("#thread .message--out[data-pk]")).to_contain_text("既読")
    shop.locator(".composer textarea").press_sequentially("では")
    expect(desk.locator("#typing-text")).to_be_visible()


def _the_customer_comes_back_after_a_reload(desk: Page, shop: Page) -> None:
    shop.reload()
    expect(shop.locator(".composer textarea")).to_have_value("では")
    expect(shop.locator(".log")).to_contain_text("サイズを交換したいです")
    expect(shop.locator(".log")).to_contain_text("在庫がございます")
    write(shop, "ではお電話します")
    expect(desk.locator("#thread")).to_contain_text("ではお電話します")


def _the_agents_line_is_lost_for_a_while(desk: Page, shop: Page) -> None:
    desk.context.set_offline(True)
    desk.locator("#composer-reply").fill("番号は")
    expect(desk.locator("#connection")).to_contain_text("接続が切れています")
    write(shop, "何番ですか")
    expect(shop.locator(".row.mine .mark").last).to_have_text("送信済み")
    with desk.expect_response("**/draft/"):
        desk.context.set_offline(False)
    expect(desk.locator("#thread")).to_contain_text("何番ですか", timeout=40_000)
    expect(desk.locator("#composer-reply")).to_have_value("番号は")
    desk.reload()
    expect(desk.locator("#composer-reply")).to_have_value("番号は")
    expect(desk.locator("#thread")).to_contain_text("何番ですか")


def _the_customers_line_is_lost_for_a_while(desk: Page, shop: Page) -> None:
    shop.context.set_offline(True)
    write(shop, "圏外でした")
    expect(shop.locator(".row.mine.waiting")).to_contain_text("圏外でした")
    answer(desk, "番号はチャットにございます")
    expect(desk.locator("#thread .message--out[data-pk]").last).to_contain_text(
        "番号は"
    )
    shop.context.set_offline(False)
    expect(shop.locator(".row.mine.waiting")).to_have_count(0, timeout=40_000)
    expect(shop.locator(".row.theirs").last).to_contain_text("番号はチャットに")
    expect(desk.locator("#thread")).to_contain_text("圏外でした")


def _the_customer_calls_with_a_code(desk: Page, shop: Page) -> None:
    shop.get_by_role("button", name="お電話").click()
    shown = shop.locator("output.code")
    expect(shown).to_have_text(re.compile(r"\d{3} \d{3}"))
    desk.goto("/calls/")
    desk.keyboard.press("/")
    desk.keyboard.type(shown.inner_text().replace(" ", ""))
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/conversations/*/")
    expect(desk.locator("#call-head")).to_contain_text("山田 太郎")
    expect(desk.locator("#thread")).to_contain_text("ではお電話します")
    expect(desk.locator("#visitor-card")).to_contain_text("こがね洋品店 オンライン")
    expect(desk.locator("#customer-cart")).to_contain_text("リネンシャツ")
    desk.locator("#call-number").fill("０９０-１２３４-５６７８")
    desk.keyboard.press("Enter")
    expect(desk.locator("#call-number")).to_have_count(0)
    expect(desk.locator("#call-head")).to_contain_text("090-1234-5678")


def _the_agent_notes_and_wraps_up(desk: Page) -> None:
    notes = desk.locator("#call-line-request")
    with desk.expect_response("**/draft/"):
        notes.press_sequentially("Mサイズへ交換")
    desk.reload()
    expect(notes).to_have_value("Mサイズへ交換")
    desk.locator("#call-head [data-shortcut=q]").click()
    expect(desk.locator("#call-wrap-up")).to_be_visible()
    desk.locator("#call-wrap-up input[value=resolved]").check(force=True)
    desk.locator("#call-reason").select_option(label="サイズ交換")
    desk.locator("#call-wrap-up [type=submit]").click()
    expect(desk.locator("#thread .phone-note")).to_contain_text("Mサイズへ交換")
    expect(desk.locator("#call-notes")).to_have_count(0)


def _it_is_one_conversation(customer: Customer) -> None:
    assert Customer.objects.get() == customer
    conversation = Conversation.objects.get()
    inquiry = Inquiry.objects.exclude(reference="20261001-1").get()
    assert inquiry.channel == Channel.WEBCHAT
    call = Call.objects.get()
    assert call.picked_up_with_code
    assert (call.outcome, call.reason.name) == ("resolved", "サイズ交換")
    note = Message.objects.get(kind=MessageKind.PHONE_NOTE)
    assert (note.conversation, note.inquiry) == (conversation, inquiry)
    written = Message.objects.filter(kind=MessageKind.TEXT).order_by("pk")
    assert list(written.values_list("body", "direction", "inquiry")) == [
        ("サイズを交換したいです", Direction.INBOUND, inquiry.pk),
        ("在庫がございます", Direction.OUTBOUND, inquiry.pk),
        ("ではお電話します", Direction.INBOUND, inquiry.pk),
        ("何番ですか", Direction.INBOUND, inquiry.pk),
        ("番号はチャットにございます", Direction.OUTBOUND, inquiry.pk),
        ("圏外でした", Direction.INBOUND, inquiry.pk),
    ]
    assert Message.objects.filter(event=ThreadEvent.PICKED_UP).count() == 1
    number = Identity.objects.get(kind=IdentityKind.PHONE)
    assert (number.customer, number.value) == (customer, "+819012345678")
    assert number.verified
