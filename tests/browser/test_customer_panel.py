"""The customer pane in a browser: keys, focus, opening orders, and what others change."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from customers.choices import OrderStatus
from customers.models import Customer, OrderLine, Shipment
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import (
    CustomerFactory,
    IdentityFactory,
    OrderFactory,
    StoreFactory,
)


@pytest.fixture
def customer(account) -> Customer:
    customer = CustomerFactory(account=account, caution="必ず折り返すこと")
    IdentityFactory(customer=customer, value="+819012345678")
    order = OrderFactory(
        customer=customer,
        store=StoreFactory(account=account),
        number="KG-1",
        status=OrderStatus.SHIPPED,
        total=9_900,
    )
    OrderLine.objects.create(
        account=account,
        order=order,
        position=1,
        name="ウールニット",
        unit_price=9_900,
    )
    Shipment.objects.create(
        account=account,
        order=order,
        carrier="ヤマト運輸",
        tracking_number="123456789012",
    )
    return customer


@pytest.fixture
def page(signed_in, agent, customer) -> Page:
    page = signed_in(agent)
    page.goto(reverse("customers:customer", args=[customer.pk]))
    # The modules have run when the page knows which theme is on.
    expect(page.locator("#customer-head")).to_be_visible()
    page.wait_for_load_state("load")
    return page


def test_an_order_opens_by_keyboard_and_reads_its_lines_once(page: Page):
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.locator(".purchase > summary").focus()
    page.keyboard.press("Enter")
    body = page.locator(".purchase__body")
    expect(body).to_contain_text("ウールニット")
    expect(body.locator("a", has_text="123456789012")).to_have_attribute(
        "target", "_blank"
    )
    page.keyboard.press("Enter")
    expect(body).to_be_hidden()
    page.keyboard.press("Enter")
    expect(body).to_contain_text("ウールニット")
    assert sum("/orders/" in address for address in fetched) == 1


def test_editing_by_keyboard_alone_gives_the_focus_back(page: Page, customer):
    pencil = page.locator("#customer-head [data-edit]")
    pencil.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#customer-head [name=customer-family_name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#customer-head [data-edit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#customer-head [name=customer-family_name]")).to_be_focused()
    page.keyboard.type("鈴木")
    page.keyboard.press("Enter")
    expect(page.locator("#customer-head h2")).to_contain_text("鈴木 太郎")
    expect(page.locator("#customer-head [data-edit]")).to_be_focused()
    customer.refresh_from_db()
    assert customer.family_name == "鈴木"


def test_escape_while_composing_keeps_the_form(page: Page):
    page.locator("#customer-head [data-edit]").click()
    field = page.locator("#customer-head [name=customer-family_name]")
    expect(field).to_be_focused()
    field.evaluate(
        "(el) => el.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Escape', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(field).to_be_visible()


def test_what_others_change_appears_but_never_under_the_hands_of_an_editor(
    page: Page, customer
):
    signal = {"topic": f"customer:{customer.pk}", "kind": "customer_changed", "ids": {}}
    page.locator("#customer-head [data-edit]").click()
    field = page.locator("#customer-head [name=customer-given_name]")
    field.fill("書きかけ")
    Customer.objects.update(address="大阪市北区9-9", caution="新しい注意")
    page.evaluate(
        "(detail) => document.body.dispatchEvent("
        "new CustomEvent('live:signal', { detail }))",
        signal,
    )
    expect(page.locator("#customer-profile")).to_contain_text("大阪市北区9-9")
    expect(field).to_have_value("書きかけ")
    field.press("Escape")
    expect(page.locator("#customer-head")).to_contain_text("新しい注意")


def test_a_refused_field_is_shown_in_its_place_and_keeps_what_was_typed(page: Page):
    page.locator("#customer-identities [data-edit]").click()
    field = page.locator("#customer-identities [name=value]")
    expect(field).to_be_focused()
    field.fill("12")
    field.press("Enter")
    expect(page.locator("#customer-identities .field__error")).to_be_visible()
    expect(field).to_have_value("12")


def test_the_caution_note_never_scrolls_away(page: Page, customer, queue):
    conversation = ConversationFactory(customer=customer)
    note = page.locator(".customer__caution")
    for address in (
        reverse("desk:conversation", args=[conversation.pk]),
        reverse("customers:customer", args=[customer.pk]),
    ):
        page.set_viewport_size({"width": 1366, "height": 420})
        page.goto(address)
        expect(note).to_be_in_viewport(ratio=1)
        profile = page.locator("#customer-profile summary")
        profile.scroll_into_view_if_needed()
        profile.click()  # nothing is in it, so it is folded away
        page.locator("#customer-profile [data-edit]").scroll_into_view_if_needed()
        expect(page.locator("#customer-profile [data-edit]")).to_be_in_viewport()
        expect(note).to_be_in_viewport(ratio=1)


def test_what_one_folds_stays_folded_for_the_next_customer(page: Page, account):
    purchases = page.locator("fold-section[name=purchases] > details")
    contacts = page.locator("fold-section[name=contacts] > details")
    expect(purchases).to_have_attribute("open", "")
    expect(contacts).not_to_have_attribute("open", "")
    purchases.locator("> summary").click()
    contacts.locator("> summary").click()
    another = CustomerFactory(account=account)
    IdentityFactory(customer=another, value="+819011112222")
    OrderFactory(customer=another, store=StoreFactory(account=account), total=100)
    page.goto(reverse("customers:customer", args=[another.pk]))
    expect(contacts).to_have_attribute("open", "")
    expect(purchases).not_to_have_attribute("open", "")
    expect(page.locator(".purchase")).to_be_hidden()
    purchases.locator("> summary").click()
    expect(page.locator(".purchase")).to_be_visible()


def test_an_address_is_copied_from_its_icon(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    icon = page.get_by_role("button", name="090-1234-5678をコピー")
    icon.hover()
    expect(page.locator("#tooltip")).to_contain_text("090-1234-5678")
    icon.click()
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "090-1234-5678"
