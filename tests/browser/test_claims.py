"""What a visitor states, on an agent's open screen: it comes, is confirmed, and goes live."""

from django.urls import reverse
from playwright.sync_api import ConsoleMessage, expect

from conversations.models import Message
from customers.models import Claim, Identity
from tests.browser.conftest import outside
from tests.browser.sockets import connected
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.customers import CustomerFactory, IdentityFactory

STATED = "hanako@example.jp"


def stating(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    outside(visitor.begin)
    outside(lambda: visitor.send("注文の件です"))
    return visitor


def test_a_stated_address_comes_and_is_confirmed_without_a_reload(
    signed_in, agent, webchat
):
    visitor = stating(webchat)
    conversation = outside(lambda: Message.objects.get(kind="text").conversation_id)
    page = connected(
        signed_in(agent), reverse("desk:conversation", args=[conversation])
    )
    contacts = page.locator("#customer-identities")
    expect(contacts).not_to_contain_text(STATED)
    outside(lambda: visitor.post("about/", {"email": STATED}))
    expect(contacts).to_contain_text(STATED)
    expect(contacts.get_by_text("本人申告")).to_be_visible()
    contacts.get_by_role("button", name="本人に確認した").click()
    page.locator("[data-confirm-yes]").click()
    proved = contacts.get_by_role(
        "button", name=f"{STATED}をコピー（メール・確認済み）"
    )
    expect(proved).to_be_visible()
    expect(contacts.get_by_text("本人申告")).to_have_count(0)
    assert outside(lambda: Identity.objects.get(value=STATED).verified)


def test_a_dispute_comes_live_and_different_people_are_told_apart(
    signed_in, agent, account, webchat
):
    visitor = stating(webchat)
    conversation = outside(lambda: Message.objects.get(kind="text").conversation_id)
    holder = CustomerFactory(account=account, family_name="高橋")
    IdentityFactory(customer=holder, kind="email", value=STATED)
    page = connected(
        signed_in(agent), reverse("desk:conversation", args=[conversation])
    )
    outside(lambda: visitor.post("about/", {"email": STATED}))
    contacts = page.locator("#customer-identities")
    expect(contacts.locator(".claim__dispute")).to_contain_text("高橋")
    line = page.locator(".message--system", has_text="ほかのお客様の連絡先です")
    expect(line.get_by_role("link")).to_be_visible()
    contacts.get_by_role("button", name="別人です").click()
    expect(contacts.locator(".claim__dispute")).to_have_count(0)
    expect(line.get_by_role("button")).to_have_count(0)
    assert outside(lambda: Claim.objects.get().state) == "refuted"


def test_a_decision_is_announced_though_its_button_was_replaced_meanwhile(
    signed_in, agent, account, webchat
):
    """The live event comes before the answer: the panel reads itself again."""
    visitor = stating(webchat)
    conversation = outside(lambda: Message.objects.get(kind="text").conversation_id)
    holder = CustomerFactory(account=account, family_name="高橋")
    IdentityFactory(customer=holder, kind="email", value=STATED)
    outside(lambda: visitor.post("about/", {"email": STATED}))
    page = connected(
        signed_in(agent), reverse("desk:conversation", args=[conversation])
    )
    errors: list[str] = []

    def note(line: ConsoleMessage) -> None:
        if line.type == "error":
            errors.append(line.text)

    page.on("console", note)
    dispute = page.locator("#customer-identities .claim__dispute")

    def answer_late(route):
        response = route.fetch()
        expect(dispute).to_have_count(0)
        route.fulfill(response=response)

    page.route("**/claims/*/join/", answer_late)
    dispute.get_by_role("button", name="同じ方です").click()
    expect(
        page.locator("#confirm").get_by_role("button", name="キャンセル")
    ).to_be_focused()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator("#toasts")).to_contain_text("これから同じ顧客として扱います")
    notice = page.locator("#composer-state")
    expect(notice).to_contain_text("高橋")
    notice.get_by_role("link", name="もう一方の会話を開く").click()
    expect(page.locator(".conversation__who")).to_contain_text("高橋")
    assert errors == []
