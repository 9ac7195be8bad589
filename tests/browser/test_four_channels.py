"""One customer by web chat, email, LINE and phone: one conversation, each answered."""

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from agentdesk import crypto as credentials
from conversations.adapters.base import Connection
from conversations.choices import Channel, Direction, InquiryStatus, MessageKind
from conversations.models import Call, Conversation, Inquiry, Message
from customers.choices import IdentityKind
from customers.models import Customer, Product
from tests.browser.conftest import outside
from tests.browser.providers import Providers
from tests.browser.sockets import connected
from tests.conversations.linking import NONCE, SHOP_KEY, SIGN_IN, make_linkable
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.conversations.providers.email import PROVIDER as EMAIL
from tests.conversations.providers.line import PROVIDER as LINE
from tests.factories.conversations import ContactReasonFactory
from tests.factories.customers import (
    CustomerFactory,
    IdentityFactory,
    OrderFactory,
    OrderLineFactory,
)
from tests.waiting import until

ADDRESS = "taro@example.jp"
COPIED = "hanako@example.jp"
PERSON = "1"  # as LINE knows the customer
# A request that a newer one has replaced (hx-sync): htmx calls that an error.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")


@pytest.fixture
def account(account):
    account.closed_on_holidays = False
    account.save(update_fields=["closed_on_holidays"])
    return account


@pytest.fixture
def agent(agent):
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    return agent


@pytest.fixture
def line(account, queue, providers) -> Connection:
    """LINE, where customers are asked to sign in to the shop."""
    inbox = LINE.connected(account, queue, api=True, name="LINE公式")
    make_linkable(inbox)
    return providers.serve(inbox)


@pytest.fixture
def email(account, queue, providers) -> Connection:
    inbox = EMAIL.connected(account, queue, api=True, name="メール窓口")
    return providers.serve(inbox)


@pytest.fixture
def pbx(account, queue) -> Pbx:
    return Pbx(phone_inbox_of(account, queue))


@pytest.fixture
def errors() -> list[str]:
    """What the consoles of all windows complain of."""
    return []


@pytest.fixture
def customer(account, webchat) -> Customer:
    """Of whom the shop has told us; on LINE they are a stranger yet."""
    webchat.name = "ウェブ窓口"
    webchat.save(update_fields=["name"])
    webchat.webchat.identity_secret = credentials.seal("s" * 40)
    webchat.webchat.save()
    known = CustomerFactory(account=account)
    IdentityFactory(customer=known, kind=IdentityKind.SHOP, value="S-1", verified=True)
    return imported(known)


def linked(providers: Providers, line: Connection, server: str) -> None:
    """The customer presses LINE's button, signs in to the shop, and is sent back."""
    friend: Any = providers.simulators[Channel.LINE]
    (invitation,) = (one for one in friend.lines_of(PERSON) if one.is_ours)
    address = invitation.facts["object"]["template"]["actions"][0]["uri"]
    token = re.fullmatch(re.escape(SIGN_IN) + r"&linkToken=(\w+)", address)
    request = urllib.request.Request(  # noqa: S310  # loopback
        f"{server}/api/v1/line/nonce",
        json.dumps({"nonce": NONCE, "customer_id": "S-1"}).encode(),
        {"Authorization": f"Bearer {SHOP_KEY}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310  # loopback
        assert response.status == 201
    assert token is not None
    assert friend.link_account(line, token[1], NONCE) == 200


def imported(customer: Customer) -> Customer:
    """What the shop's own records say of its customer."""
    customer.family_name, customer.given_name = "山田", "太郎"
    customer.save(update_fields=["family_name", "given_name"])
    more = {"customer": customer, "verified": True}
    IdentityFactory(kind=IdentityKind.EMAIL, value=ADDRESS, **more)
    IdentityFactory(value="+81312345678", **more)
    OrderLineFactory(order=OrderFactory(customer=customer, number="KG-700001"))
    Product.objects.create(account=customer.account, sku="K-1", name="シャツ", price=1)
    return customer


def watched(page: Page, errors: list[str]) -> Page:
    """A page whose console is listened to."""

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REPLACED):
            errors.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page


@pytest.fixture
def desk(signed_in, agent, errors, customer) -> Page:
    return connected(watched(signed_in(agent), errors), "/desk/")


@pytest.fixture
def shop(window, customer, errors, desk) -> Page:
    """The customer's browser, signed in at the shop, its chat open."""
    page = watched(window().new_page(), errors)
    page.goto("/demo/kogane/")
    page.locator("#shopper").select_option(str(customer.pk))
    page.get_by_role("button", name="切り替え").click()
    page.locator(".launcher").click()
    return page


def has_read(desk: Page) -> None:
    """What came in has been on the screen long enough for the answer to know of it."""
    newest = Message.objects.filter(direction=Direction.INBOUND).latest("pk").pk
    seen = "Number(document.querySelector('#composer [name=seen]').value)"
    until(lambda: desk.evaluate(seen) >= newest)


def answer(desk: Page, text: str) -> None:
    has_read(desk)
    desk.locator("#composer-reply").fill(text)
    desk.keyboard.press("Control+Enter")
    sent = desk.locator("#thread .message--out[data-pk]", has_text=text)
    expect(sent).to_be_visible()
    expect(desk.locator("#composer-reply")).to_have_value("")


def test_chat_email_line_and_phone_are_one_conversation(
    desk, shop, window, providers, email, line, pbx, customer, server, errors
):
    ContactReasonFactory(account=customer.account, name="サイズ交換")
    _the_customer_chats(desk, shop)
    _the_customer_mails(desk, providers, email)
    phone = window(base_url=providers.address).new_page()
    _a_stranger_on_line_turns_out_to_be_the_customer(
        desk, phone, lambda: linked(providers, line, server)
    )
    _the_customer_writes_on_line(desk, phone)
    _the_customer_phones(desk, pbx)
    _it_is_one_conversation(customer)
    _each_answer_went_once(shop, providers)
    assert errors == []


def _the_customer_chats(desk: Page, shop: Page) -> None:
    shop.locator(".composer textarea").fill("サイズを交換したいです")
    shop.keyboard.press("Enter")
    expect(desk.locator("#list")).to_contain_text("山田 太郎")
    desk.keyboard.press("j")
    expect(desk.locator("#thread")).to_contain_text("サイズを交換したいです")
    expect(desk.locator("#pane-customer")).to_contain_text("KG-700001")
    expect(desk.locator(".via__now")).to_contain_text("ウェブ窓口")
    answer(desk, "何色でしょうか")
    expect(shop.locator(".row.theirs").last).to_contain_text("何色でしょうか")


def _the_customer_mails(desk: Page, providers: Providers, email: Connection) -> None:
    providers.simulators[Channel.EMAIL].write(email, ADDRESS, "text", "紺のシャツです")
    expect(desk.locator("#thread")).to_contain_text("紺のシャツです")
    now = desk.locator(".via__now")
    expect(now).to_contain_text("メール窓口")
    expect(desk.locator("#mail-subject")).to_have_value("Re: 紺のシャツです")
    desk.get_by_role("button", name="Cc / Bcc").click()
    desk.locator("#mail-cc").fill(COPIED)
    desk.locator("#mail-cc").press("Enter")
    desk.locator("#composer-reply").fill("紺は在庫がございます")
    answer(desk, "紺は在庫がございます")
    (got,) = providers.seen(Channel.EMAIL, ADDRESS)
    assert got.startswith("Re: 紺のシャツです\n紺は在庫がございます")


def _a_stranger_on_line_turns_out_to_be_the_customer(
    desk: Page, phone: Page, link: Callable[[], None]
) -> None:
    """They sign in to the shop, and so are known: the desk goes on where it was."""
    phone.goto(f"/line/?person={PERSON}")
    phone.locator("textarea").fill("会員です")
    phone.get_by_role("button", name="送信").click()
    row = desk.locator("#list a", has_text="会員です")
    expect(row).to_be_visible()
    row.click()
    expect(desk.locator("#thread")).to_contain_text("会員です")
    desk.locator(".via__button").click()
    desk.locator("[data-ask-to-link]").click()
    desk.locator("[data-confirm-yes]").click()
    invitation = desk.locator("#thread .message--sent")
    expect(invitation.locator(".message__buttons")).to_contain_text("ログインして連携")
    outside(link)
    desk.locator("#thread").get_by_role("link", name="もう一方の会話を開く").click()
    expect(desk.locator("#thread")).to_contain_text("紺のシャツです")


def _the_customer_writes_on_line(desk: Page, phone: Page) -> None:
    phone.locator("textarea").fill("LINEでもよいですか")
    desk.keyboard.press("Escape")
    desk.keyboard.press("s")  # a picker that is open where its bar is drawn anew
    expect(desk.locator("#picker")).to_have_attribute("data-placed", "")
    phone.get_by_role("button", name="送信").click()
    expect(desk.locator("#thread")).to_contain_text("LINEでもよいですか")
    expect(desk.locator(".via__now")).to_contain_text("LINE公式")
    expect(desk.locator(".via__now [data-seconds-left]")).to_be_visible()
    expect(desk.locator("#mail-subject")).to_have_count(0)
    desk.keyboard.press("Escape")
    expect(desk.locator("#picker")).to_be_hidden()
    expect(desk.locator("#picker :focus")).to_have_count(0)  # it takes a moment
    desk.keyboard.press("v")
    expect(desk.locator("#via-menu")).to_be_visible()
    desk.keyboard.press("Escape")
    answer(desk, "もちろんです")
    expect(phone.locator("#lines [data-side=desk]").last).to_have_text("もちろんです")


def _the_customer_phones(desk: Page, pbx: Pbx) -> None:
    outside(pbx.ring)
    expect(desk.locator("[data-ring]")).to_contain_text("山田 太郎")
    desk.locator("[data-ring] [data-shortcut=y]").click()
    expect(desk.locator("#call-head")).to_have_attribute("data-state", "talking")
    expect(desk.locator("#thread")).to_contain_text("LINEでもよいですか")
    with desk.expect_response("**/draft/"):
        desk.locator("#call-line-request").press_sequentially("Mサイズへ交換")
    desk.locator("#call-head [data-shortcut=q]").click()
    expect(desk.locator("#call-wrap-up")).to_be_visible()
    desk.locator("#call-wrap-up input[value=resolved]").check(force=True)
    desk.locator("#call-reason").select_option(label="サイズ交換")
    desk.locator("#call-wrap-up [type=submit]").click()
    expect(desk.locator("#thread .phone-note")).to_contain_text("Mサイズへ交換")


def _it_is_one_conversation(customer: Customer) -> None:
    conversation = Conversation.objects.get(customer=customer)
    (inquiry,) = Inquiry.objects.open()
    assert inquiry.status == InquiryStatus.ACTIVE
    call = Call.objects.get()
    assert (call.outcome, call.reason.name) == ("resolved", "サイズ交換")
    written = conversation.messages.exclude(kind=MessageKind.SYSTEM).order_by("pk")
    assert list(written.values_list("channel", "direction", "body")) == [
        (Channel.WEBCHAT, Direction.INBOUND, "サイズを交換したいです"),
        (Channel.WEBCHAT, Direction.OUTBOUND, "何色でしょうか"),
        (Channel.EMAIL, Direction.INBOUND, "紺のシャツです"),
        (Channel.EMAIL, Direction.OUTBOUND, "紺は在庫がございます"),
        (Channel.LINE, Direction.INBOUND, "LINEでもよいですか"),
        (Channel.LINE, Direction.OUTBOUND, "もちろんです"),
        (Channel.PHONE, Direction.INTERNAL, "Mサイズへ交換"),
    ]
    assert {one.inquiry for one in written} == {inquiry}


def _each_answer_went_once(shop: Page, providers: Providers) -> None:
    """On the customer's own screens; on LINE by the free reply alone."""
    expect(shop.locator(".row.theirs", has_text="何色でしょうか")).to_have_count(1)
    expect(shop.locator(".row.theirs", has_text="在庫")).to_have_count(0)
    friend: Any = providers.simulators[Channel.LINE]
    assert providers.seen(Channel.LINE, PERSON)[1:] == ["もちろんです"]
    assert friend.account.used == 0  # the request to link went by a reply token too
    assert len(providers.seen(Channel.EMAIL, ADDRESS)) == 1
    assert len(providers.seen(Channel.EMAIL, COPIED)) == 1
