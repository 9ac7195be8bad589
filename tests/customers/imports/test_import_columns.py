"""Columns as shops really title them: whose they are beside what they are."""

import csv
import io

import pytest
from django.core.management import CommandError

from customers.choices import OrderStatus
from customers.models import Order
from tests.customers.order_files import rejected, run

pytestmark = pytest.mark.usefixtures("store")

LINE = {"商品名": "だし", "数量": "2", "単価": "1650"}
ORDER = {"注文番号": "A-1", "注文日": "2026/10/01", **LINE}


def file_of(cells: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([cells, cells.values()])
    return out.getvalue()


@pytest.mark.parametrize(
    "form", ["{}(購入者)", "{} (請求先)", "注文者：{}", "（ご注文者）{}", "購入者・{}"]
)
def test_a_column_that_says_whose_it_is_is_read(write, form):
    columns = {
        "姓": "山田",
        "名": "花子",
        "セイ": "ヤマダ",
        "メイ": "ハナコ",
        "メールアドレス": "hanako@example.jp",
        "電話番号": "090-1111-2222",
        "都道府県": "東京都",
        "住所": "渋谷区1-2",
    }
    path = write(file_of(ORDER | {form.format(key): columns[key] for key in columns}))
    run(path)
    assert rejected(path) == []
    customer = Order.objects.get(number="A-1").customer
    assert (customer.family_name, customer.given_name) == ("山田", "花子")
    assert (customer.family_kana, customer.given_kana) == ("ヤマダ", "ハナコ")
    assert customer.address == "東京都渋谷区1-2"
    assert set(customer.claims.values_list("value", flat=True)) == {
        "hanako@example.jp",
        "+819011112222",
    }


def test_whom_the_goods_went_to_is_not_the_buyer(write):
    buyer = {"氏名(購入者)": "山田 花子", "メールアドレス(購入者)": "hanako@example.jp"}
    other = {"姓(配送先)": "佐藤", "名(配送先)": "次郎", "住所(配送先)": "大阪市"}
    run(write(file_of(ORDER | buyer | other)))
    customer = Order.objects.get(number="A-1").customer
    assert (customer.family_name, customer.given_name) == ("山田", "花子")
    assert customer.address == ""


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"注文者名": "山田 花子"}, ("山田", "花子")),
        ({"注文者姓": "山田", "注文者名": "花子"}, ("山田", "花子")),
        ({"お名前(姓)": "山田", "お名前(名)": "花子"}, ("山田", "花子")),
    ],
)
def test_a_name_is_whole_or_half_by_what_stands_beside_it(write, names, expected):
    run(write(file_of(ORDER | names | {"メール": "hanako@example.jp"})))
    customer = Order.objects.get(number="A-1").customer
    assert (customer.family_name, customer.given_name) == expected


def test_an_address_that_is_told_whole_and_in_part_is_told_once(write):
    place = {"購入者都道府県": "東京都", "都道府県": "東京都", "住所1": "東京都渋谷区"}
    run(write(file_of(ORDER | place | {"メール": "hanako@example.jp"})))
    assert Order.objects.get(number="A-1").customer.address == "東京都渋谷区"


def test_the_export_of_woocommerces_plugin_calls_the_goods_name(write):
    columns = {
        "Order Number": "302",
        "Order Status": "Processing",
        "Order Date": "2026-10-01 10:00",
        "First Name (Billing)": "Hanako",
        "Last Name (Billing)": "Yamada",
        "Address 1&2 (Billing)": "1-2",
        "City (Billing)": "Shibuya",
        "Email (Billing)": "hanako@example.jp",
        "First Name (Shipping)": "Jiro",
        "Order Total Amount": "3800",
        "SKU": "D-1",
        "Name": "Dashi",
        "Quantity": "2",
        "Item Cost": "1650",
    }
    run(write(file_of(columns)))
    order = Order.objects.get(number="302")
    assert (order.total, order.status) == (3800, OrderStatus.PREPARING)
    assert [line.name for line in order.lines.all()] == ["Dashi"]
    customer = order.customer
    assert (customer.family_name, customer.given_name) == ("Yamada", "Hanako")
    assert customer.address == "Shibuya 1-2"


AMAZON = {
    "order-id": "250-1058756-4279348",
    "order-item-id": "52336476957402",
    "purchase-date": "2026-10-30T08:34:47+09:00",
    "buyer-email": "a1@marketplace.example",
    "buyer-name": "山田 花子",
    "product-name": "だし",
    "quantity-purchased": "2",
}


def test_amazons_list_without_prices_is_refused_with_its_reason(write):
    with pytest.raises(CommandError, match="単価"):
        run(write(file_of(AMAZON)))


def test_amazons_list_of_what_was_sent_is_read(write):
    columns = {
        "amazon-order-id": "250-1058756-4279348",
        "shipment-date": "2026-10-31T10:00:00+09:00",
        "amazon-order-item-id": "52336476957402",
        "quantity-shipped": "2",
        "item-price": "3300",
        "carrier": "ヤマト運輸",
        "tracking-number": "1234-5678-9012",
    }
    del (rest := dict(AMAZON))["order-id"]
    run(write(file_of(rest | columns)))
    order = Order.objects.get(number="250-1058756-4279348")
    assert (order.status, order.total) == (OrderStatus.SHIPPED, 3300)
    assert [(line.name, line.quantity) for line in order.lines.all()] == [("だし", 2)]
    assert order.shipment.tracking_number == "1234-5678-9012"
