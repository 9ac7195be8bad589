"""The customer pane in the order of need: what comes first, and what is folded away."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.choices import IdentityKind, OrderStatus
from customers.models import Cart, CartLine, Claim, Customer
from tests.factories.customers import (
    CustomerFactory,
    IdentityFactory,
    OrderFactory,
    StoreFactory,
)


@pytest.fixture
def customer(account) -> Customer:
    return CustomerFactory(account=account, address="東京都渋谷区1-2-3")


def panel_html(client_of, member, customer) -> str:
    response = client_of(member).get(reverse("customers:panel", args=[customer.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_what_is_on_the_way_stands_first_and_is_counted(
    customer, account, agent, client_of
):
    store, now = StoreFactory(account=account), timezone.now()
    for number, status, age in (
        ("A-1", OrderStatus.SHIPPED, 70),  # a shop that never tells of a delivery
        ("A-2", OrderStatus.SHIPPED, 9),
        ("A-3", OrderStatus.DELIVERED, 3),
        ("A-4", OrderStatus.CANCELLED, 1),
    ):
        OrderFactory(
            customer=customer,
            store=store,
            number=number,
            status=status,
            total=1000,
            placed_at=now - timedelta(days=age),
        )
    html = panel_html(client_of, agent, customer)
    places = [html.index(number) for number in ("A-2", "A-4", "A-3", "A-1")]
    assert places == sorted(places)
    assert "配送前・配送中 1件" in html


def test_the_pane_is_in_the_order_of_need(customer, account, agent, client_of):
    IdentityFactory(customer=customer, value="+819012345678", verified=True)
    OrderFactory(customer=customer, store=StoreFactory(account=account), total=1)
    cart = Cart.objects.create(
        account=account, customer=customer, updated_at=timezone.now()
    )
    CartLine.objects.create(account=account, cart=cart, position=1, name="シャツ")
    html = panel_html(client_of, agent, customer)
    parts = [
        *("customer-head", "customer-cart", "purchase-", 'class="figures"'),
        *("customer-identities", "customer-history", "customer-profile"),
    ]
    places = [html.index(part) for part in parts]
    assert places == sorted(places)


def test_groups_with_nothing_in_them_are_folded_away_and_lead_on(
    account, agent, client_of
):
    nobody = CustomerFactory(account=account, address="")
    html = panel_html(client_of, agent, nobody)
    # Purchases, address and attributes.
    assert html.count('<fold-section><details class="section">') == 2
    assert "注文を探す" in html
    assert 'for="call-query"' in html
    assert "累計" not in html
    assert "連絡先の詳細" not in html


def test_an_icon_says_whether_its_address_is_proved(
    customer, account, agent, client_of
):
    IdentityFactory(customer=customer, value="+819012345678", verified=True)
    IdentityFactory(customer=customer, kind=IdentityKind.EMAIL, value="t@example.jp")
    html = panel_html(client_of, agent, customer)
    assert "090-1234-5678をコピー（電話・確認済み）" in html
    assert "t@example.jpをコピー（メール・未確認）" in html
    assert 'fold-section name="contacts"><details class="section section--behind">' in (
        html
    )
    Claim.objects.create(
        account=account, customer=customer, kind="phone", value="+81312345678"
    )
    html = panel_html(client_of, agent, customer)
    assert "contact-icon--stated" in html
    assert '<details class="section section--behind" open>' in html  # to be decided
