"""Importing order files: what is taken, and that nothing is doubled."""

from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from customers.choices import IdentityKind, OrderStatus
from customers.models import (
    Claim,
    Customer,
    ImportRun,
    Order,
)
from tests.customers.order_files import everything, rejected, run, text_of

pytestmark = pytest.mark.usefixtures("store")


def test_an_order_comes_with_customer_lines_payment_and_history(write, account):
    path = write(
        text_of({}, {"商品コード": "", "商品名": "ギフト包装", "単価": "660円"})
    )
    run(path)
    order = Order.objects.get(number="KG-1001")
    assert order.total == 13_460
    assert order.placed_at.isoformat() == "2026-11-20T05:05:00+00:00"
    assert order.status == OrderStatus.PLACED
    lines = list(order.lines.values_list("position", "name", "quantity", "unit_price"))
    assert lines == [(1, "ウールニット", 1, 12_800), (2, "ギフト包装", 1, 660)]
    assert order.lines.first().product.sku == "KN-01"
    assert order.payment.method == "クレジットカード"
    assert order.payment.status == "paid"
    assert not hasattr(order, "shipment")
    assert [change.status for change in order.status_changes.all()] == ["placed"]
    customer = order.customer
    assert (customer.family_name, customer.given_name) == ("山田", "太郎")
    assert (customer.family_kana, customer.given_kana) == ("ヤマダ", "タロウ")
    assert customer.name_key == "山田太郎"
    found = set(customer.identities.values_list("kind", "value", "verified"))
    assert found == {
        ("shop", "M-1", True),
    }
    assert set(customer.claims.values_list("kind", "value", "raw", "source")) == {
        ("phone", "+819012345678", "０９０－１２３４－５６７８", "orders"),
        ("email", "taro@example.jp", "Taro@Example.jp", "orders"),
    }
    assert ImportRun.objects.get().status == ImportRun.Status.DONE
    assert AuditEntry.objects.filter(action="orders.imported").count() == 1


def test_a_second_run_changes_nothing_at_all(write):
    path = write(
        text_of(
            {},
            {"商品コード": "X", "商品名": "靴下"},
            {"注文番号": "KG-1002", "注文状況": "発送済", "送り状番号": "123456789012"},
        )
    )
    run(path)
    before = everything()
    summary = run(path)
    assert everything() == before
    assert "2" in summary
    assert ImportRun.objects.count() == 2


def test_news_of_an_order_update_it_and_add_to_its_history(write):
    run(write(text_of({})))
    Order.objects.update(updated_at="2026-11-01T00:00:00+00:00")
    run(
        write(
            text_of(
                {
                    "注文状況": "発送済",
                    "配送会社": "ヤマト運輸",
                    "送り状番号": "1234-5678-9012",
                }
            )
        )
    )
    order = Order.objects.get()
    assert order.status == OrderStatus.SHIPPED
    assert order.updated_at.year == 2026
    assert order.updated_at.isoformat() > "2026-11-02"
    assert order.shipment.tracking_number == "1234-5678-9012"
    statuses = [change.status for change in order.status_changes.all()]
    assert statuses == ["placed", "shipped"]
    assert Customer.objects.count() == 1


def test_an_empty_cell_never_empties_what_is_known(write):
    run(write(text_of({"送り状番号": "1234-5678-9012", "配送会社": "佐川急便"})))
    run(
        write(
            text_of(
                {
                    "注文状況": "",
                    "支払方法": "クレジットカード",
                    "入金状況": "",
                    "送り状番号": "",
                    "配送会社": "",
                }
            )
        )
    )
    order = Order.objects.get()
    assert order.status == OrderStatus.PLACED
    assert order.payment.status == "paid"
    assert order.shipment.tracking_number == "1234-5678-9012"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_utf8_with_or_without_mark_and_cp932_are_told_apart(write, encoding):
    ascii_rows = [
        {"氏名": "Ken Smith", "会員番号": f"A{n}", "注文番号": f"A-{n}", "電話番号": ""}
        for n in range(300)
    ]
    ascii_rows = [
        {**row, "メールアドレス": f"a{n}@example.jp"}
        for n, row in enumerate(ascii_rows)
    ]
    last = {"氏名": "髙橋 ①子", "注文番号": "Z-1", "会員番号": "Z", "電話番号": ""}
    last["メールアドレス"] = "z@example.jp"
    yen = "\\" if encoding == "cp932" else "¥"  # the same byte on a Japanese PC
    path = write(text_of(*ascii_rows, last).replace("¥", yen), encoding)
    assert encoding.removesuffix("-sig") in run(path)
    assert Order.objects.get(number="Z-1").customer.family_name == "髙橋"


def test_tabs_and_english_headers_are_understood(write):
    content = (
        "order_number\tplaced_at\tcustomer_id\titem_name\tqty\tprice\n"
        "T-1\t2026-11-23T14:05+09:00\tC-9\tKettle\t2\t5,500\n"
    )
    run(write(content))
    order = Order.objects.get(number="T-1")
    assert order.total == 11_000
    assert order.placed_at.isoformat() == "2026-11-23T05:05:00+00:00"
    assert order.status == OrderStatus.PLACED


def test_a_mapping_of_the_account_names_other_columns(write, tmp_path):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "columns:\n  order_number: 受注コード\nstatuses:\n  shipped: [出荷かんりょう]\n",
        encoding="utf-8",
    )
    content = text_of({"注文状況": "出荷かんりょう"}).replace("注文番号", "受注コード")
    run(write(content), mapping=mapping)
    assert Order.objects.get().status == OrderStatus.SHIPPED


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026/1/3", "2026-01-02T15:00:00+00:00"),
        ("2026-11-23 14:05:33", "2026-11-23T05:05:33+00:00"),
        ("2026年11月3日 9時05分", "2026-11-03T00:05:00+00:00"),
        ("令和8年11月3日", "2026-11-02T15:00:00+00:00"),
        ("２０２６／１１／０３", "2026-11-02T15:00:00+00:00"),
        ("20261103", "2026-11-02T15:00:00+00:00"),
        ("2026-11-03T00:00:00Z", "2026-11-03T00:00:00+00:00"),
        ("2026-11-03 10:02:09 +0900", "2026-11-03T01:02:09+00:00"),
        ("2026年11月3日(火・祝) 午後2:05", "2026-11-03T05:05:00+00:00"),
        ("20261103103309", "2026-11-03T01:33:09+00:00"),
    ],
)
def test_dates_are_read_in_the_ways_shops_write_them(write, cell, utc):
    run(write(text_of({"注文日時": cell})))
    assert Order.objects.get().placed_at.isoformat() == utc


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("10月1日(木)", "2026-10-01"),
        ("10月1日（木） 14:05", "2026-10-01"),
        ("12月31日(水)", "2025-12-31"),
        ("12月31日", "2025-12-31"),
    ],
)
def test_a_date_without_a_year_is_the_last_one_of_that_weekday(write, cell, day):
    with time_machine.travel("2026-11-30T12:00:00+09:00"):
        run(write(text_of({"注文日時": cell})))
    placed = timezone.localtime(Order.objects.get().placed_at, ZoneInfo("Asia/Tokyo"))
    assert placed.date().isoformat() == day


def test_a_date_whose_weekday_never_was_is_refused(write):
    with time_machine.travel("2026-11-30T12:00:00+09:00"):
        path = write(text_of({"注文日時": "10月1日(日)"}))
        run(path)
    assert [row[0] for row in rejected(path)] == ["2"]


@pytest.mark.parametrize(
    ("cell", "yen"),
    [
        ("1,650円(税込)", 1650),
        ("1,650円（税込）", 1650),
        ("税込1,650円", 1650),
        ("\u2212500", -500),
        ("-￥500", -500),
        ("▲500円", -500),
        ("(1,650)", -1650),
        ("¥1,980-", 1980),
        ("1650.00", 1650),
        ('="1650"', 1650),
    ],
)
def test_amounts_are_read_in_the_ways_shops_write_them(write, cell, yen):
    run(write(text_of({"単価": cell, "注文合計": ""})))
    assert Order.objects.get().total == yen


def test_a_word_that_is_not_known_is_reported_once_and_costs_nothing(write):
    rows = [{"注文番号": f"W-{at}", "注文状況": "宇宙へ発送"} for at in range(3)]
    path = write(text_of(*rows))
    summary = run(path)
    assert rejected(path) == []
    assert Order.objects.filter(status=OrderStatus.PLACED).count() == 3
    assert summary.count("宇宙へ発送") == 1
    counts = ImportRun.objects.get().counts
    assert counts["unknown_words"] == {"注文状況: 宇宙へ発送": 3}


def test_a_word_that_was_not_known_may_be_explained_later(write, tmp_path):
    path = write(text_of({"注文状況": "宇宙へ発送"}))
    run(path)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("statuses:\n  shipped: [宇宙へ発送]\n", encoding="utf-8")
    run(path, mapping=mapping)
    assert Order.objects.get().status == OrderStatus.SHIPPED


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("09012345678", "+819012345678"),
        ("9012345678", "+819012345678"),
        ("312345678", "+81312345678"),
        ("+81 90-1234-5678", "+819012345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
    ],
)
def test_phone_numbers_are_read_and_the_lost_zero_is_repaired(write, typed, stored):
    run(write(text_of({"電話番号": typed})))
    assert Claim.objects.get(kind=IdentityKind.PHONE).value == stored


def test_an_unreadable_phone_number_does_not_cost_the_order(write):
    summary = run(write(text_of({"電話番号": "9.01E+10"})))
    assert Order.objects.count() == 1
    assert not Claim.objects.filter(kind=IdentityKind.PHONE).exists()
    assert Order.objects.get().unread_cells == {"電話番号": "9.01E+10"}
    assert summary
