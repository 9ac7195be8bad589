"""The customer pane: what it shows, to whom, and at what cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.access import access_of
from agentdesk.accounts.models import Colour
from agentdesk.live.topics import allowed_topics
from customers.choices import IdentityKind, OrderStatus, PaymentStatus, StoreKind
from customers.models import (
    AttributeDefinition,
    Cart,
    CartLine,
    Customer,
    MemberRank,
    OrderLine,
    OrderStatusChange,
    Payment,
    Shipment,
)
from customers.orders.selectors import PURCHASES_AT_ONCE
from customers.people.selectors.panel import customer_panel
from tests.factories.customers import (
    CustomerFactory,
    IdentityFactory,
    OrderFactory,
    StoreFactory,
)


@pytest.fixture
def customer(account) -> Customer:
    rank = MemberRank.objects.create(
        account=account, name="ゴールド", colour=Colour.AMBER
    )
    AttributeDefinition.objects.create(account=account, key="shoe", label="靴のサイズ")
    return CustomerFactory(
        account=account,
        rank=rank,
        caution="折り返しの時刻を必ず約束すること",
        address="東京都渋谷区1-2-3",
        attributes={"shoe": "23.5"},
    )


def panel_html(client_of, member, customer) -> str:
    response = client_of(member).get(reverse("customers:panel", args=[customer.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_pane_says_who_the_customer_is(customer, agent, client_of):
    IdentityFactory(customer=customer, value="+819012345678", verified=True)
    IdentityFactory(customer=customer, kind=IdentityKind.EMAIL, value="t@example.jp")
    html = panel_html(client_of, agent, customer)
    assert "山田 太郎" in html
    assert "ヤマダ タロウ" in html
    assert "ゴールド" in html
    assert "折り返しの時刻を必ず約束すること" in html
    assert "東京都渋谷区1-2-3" in html
    assert "靴のサイズ" in html
    assert "23.5" in html
    assert 'href="tel:+819012345678"' in html
    assert "090-1234-5678" in html
    assert "t@example.jp" in html


def test_cancelled_and_returned_orders_do_not_count_in_the_figures(customer, account):
    store = StoreFactory(account=account)
    day = timezone.now()
    for status, total, age in (
        (OrderStatus.DELIVERED, 12_800, 3),
        (OrderStatus.COMPLETED, 5_000, 9),
        (OrderStatus.CANCELLED, 90_000, 1),
        (OrderStatus.RETURNED, 70_000, 2),
    ):
        OrderFactory(
            customer=customer,
            store=store,
            status=status,
            total=total,
            placed_at=day - timedelta(days=age),
        )
    figures = customer_panel(customer).figures
    assert figures.total == 17_800
    assert figures.orders == 2
    assert figures.last_purchase == day - timedelta(days=3)


def test_online_and_store_purchases_are_one_list_newest_first(
    customer, account, agent, client_of
):
    shop = StoreFactory(account=account, name="公式通販")
    store = StoreFactory(account=account, name="新宿店", kind=StoreKind.PHYSICAL)
    now = timezone.now()
    for number, place, age in (("A-1", shop, 3), ("S-2", store, 2), ("A-3", shop, 1)):
        order = OrderFactory(
            customer=customer,
            store=place,
            number=number,
            status=OrderStatus.DELIVERED,
            total=1000,
            placed_at=now - timedelta(days=age),
        )
        for position in (1, 2):
            OrderLine.objects.create(
                account=account, order=order, position=position, name=f"品{position}"
            )
    html = panel_html(client_of, agent, customer)
    assert html.index("A-3") < html.index("S-2") < html.index("A-1")
    assert "新宿店" in html
    assert "公式通販" in html


def test_show_more_reads_on_where_the_list_ended(customer, account, agent, client_of):
    store = StoreFactory(account=account)
    same_moment = timezone.now()
    for number in range(PURCHASES_AT_ONCE * 2 + 1):
        OrderFactory(
            customer=customer,
            store=store,
            number=f"N-{number:03}",
            status=OrderStatus.PLACED,
            total=1,
            placed_at=same_moment,
        )
    client = client_of(agent)
    cursor = customer_panel(customer).purchases.next_cursor
    numbers = [row.order.number for row in customer_panel(customer).purchases.rows]
    while cursor:
        response = client.get(
            reverse("customers:purchases", args=[customer.pk]), {"after": cursor}
        )
        purchases = response.context["purchases"]
        numbers += [row.order.number for row in purchases.rows]
        cursor = purchases.next_cursor
    assert numbers == [f"N-{n:03}" for n in reversed(range(PURCHASES_AT_ONCE * 2 + 1))]


def test_a_cursor_that_we_did_not_make_is_not_found(customer, agent, client_of):
    address = reverse("customers:purchases", args=[customer.pk])
    assert client_of(agent).get(address, {"after": "forged"}).status_code == 404


def test_opening_an_order_shows_lines_payment_parcel_and_history(
    customer, account, agent, client_of
):
    order = OrderFactory(
        customer=customer,
        store=StoreFactory(account=account),
        status=OrderStatus.SHIPPED,
        total=10_560,
    )
    OrderLine.objects.create(
        account=account,
        order=order,
        position=1,
        name="ウールニット",
        quantity=2,
        unit_price=4_950,
    )
    Payment.objects.create(
        account=account, order=order, method="代金引換", status=PaymentStatus.UNPAID
    )
    Shipment.objects.create(
        account=account,
        order=order,
        carrier="ヤマト運輸",
        tracking_number="1234-5678-9012",
    )
    OrderStatusChange.objects.create(
        account=account, order=order, status=OrderStatus.PLACED, at=timezone.now()
    )
    response = client_of(agent).get(reverse("customers:order", args=[order.pk]))
    html = response.content.decode()
    assert "ウールニット" in html
    assert "¥9,900" in html
    assert "¥660" in html
    assert "代金引換" in html
    assert "kuronekoyamato.co.jp" in html
    assert "id=123456789012" in html
    assert len(response.context["history"]) == 1


def test_the_cart_is_shown_as_it_is_now(customer, account, agent, client_of):
    cart = Cart.objects.create(
        account=account, customer=customer, updated_at=timezone.now()
    )
    CartLine.objects.create(
        account=account,
        cart=cart,
        position=1,
        name="リネンシャツ",
        quantity=3,
        unit_price=3300,
    )
    html = panel_html(client_of, agent, customer)
    assert "リネンシャツ" in html
    assert "¥9,900" in html


def test_the_pane_costs_at_most_five_queries_however_much_is_known(
    customer, account, django_assert_max_num_queries
):
    def read() -> None:
        row = Customer.objects.select_related("account", "rank").get(pk=customer.pk)
        customer_panel(row)

    store = StoreFactory(account=account)
    for number in range(20):
        IdentityFactory(customer=customer)
        AttributeDefinition.objects.create(
            account=account, key=f"a{number}", label=f"属性{number}"
        )
        order = OrderFactory(
            customer=customer, store=store, status=OrderStatus.PLACED, total=1
        )
        OrderLine.objects.create(account=account, order=order, position=1, name="品")
    with django_assert_max_num_queries(5 + 1):
        read()


def test_every_part_of_another_accounts_customer_is_not_found(
    customer, account, stranger, client_of
):
    order = OrderFactory(
        customer=customer, store=StoreFactory(account=account), status="placed", total=1
    )
    client = client_of(stranger)
    for name in [
        "panel",
        "head",
        "edit-head",
        "profile",
        "edit-profile",
        "identities",
        "add-identity",
        "cart",
        "purchases",
        "customer",
    ]:
        response = client.get(reverse(f"customers:{name}", args=[customer.pk]))
        assert response.status_code == 404, name
    address = reverse("customers:order", args=[order.pk])
    assert client.get(address).status_code == 404


def test_names_and_notes_are_shown_as_text_never_as_markup(account, agent, client_of):
    hostile = '<script>alert(1)</script>"><img src=x>'
    customer = CustomerFactory(
        account=account, family_name=hostile, caution=hostile, address=hostile
    )
    html = panel_html(client_of, agent, customer)
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html


def test_signed_out_fragments_answer_401_and_pages_lead_to_sign_in(customer, client):
    panel = reverse("customers:panel", args=[customer.pk])
    assert client.get(panel, headers={"HX-Request": "true"}).status_code == 401
    page = client.get(reverse("customers:customer", args=[customer.pk]))
    assert page.status_code == 302


def test_the_checker_of_the_live_topic_lets_nobody_hear_of_other_accounts(
    customer, agent, stranger
):
    topic = f"customer:{customer.pk}"
    assert allowed_topics(access_of(agent.user), [topic]) == {topic}
    assert allowed_topics(access_of(stranger.user), [topic]) == set()


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("line", "U4af4980629d3c2b7e5f1a8d06b6c79c1", "LINE · U4af…9c1"),
        ("messenger", "24512345678901234567", "Messenger · 2451…567"),
        (IdentityKind.WEB, "0aec19b2c3d4e5f60718293a4b5c66f4", "Web訪問者 · 0aec…6f4"),
        ("x", "kogane_fan", "kogane_fan"),
    ],
)
def test_an_id_that_nobody_reads_out_is_short_and_whole_where_asked_for(
    customer, agent, client_of, kind, value, shown
):
    IdentityFactory(customer=customer, kind=kind, value=value)
    html = panel_html(client_of, agent, customer)
    assert f">{shown}<" in html
    assert (f'title="{value}"' in html) == (shown != value)
    assert (f'data-copy="{value}"' in html) == (kind != IdentityKind.WEB)
    assert f">{value}<" not in html or shown == value
