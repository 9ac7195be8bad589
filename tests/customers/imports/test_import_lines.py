"""The lines of an order: what a file adds, what it replaces, and the totals after it."""

import shutil
from pathlib import Path

import pytest

from customers.models import Order
from tests.customers.order_files import everything, rejected, run, text_of

pytestmark = pytest.mark.usefixtures("store")

FILES = Path(__file__).parent.parent / "shop_files"
SOCKS = {"商品名": "靴下", "商品コード": "S", "単価": "660", "数量": "1"}


def lines() -> list[tuple[str, int, int]]:
    order = Order.objects.get()
    return list(order.lines.values_list("name", "quantity", "unit_price"))


def test_mended_rejects_are_added_to_the_order(tmp_path):
    first = Path(shutil.copy(FILES / "i-half-1.csv", tmp_path))
    content = first.read_text("utf-8").replace("2,000円(税込)", "二千円")
    first.write_text(content, "utf-8")
    run(first)
    assert [row[0] for row in rejected(first)] == ["3"]
    assert Order.objects.get().total == 8000
    fixed = Path(shutil.copy(FILES / "i-half-fixed.csv", tmp_path))
    run(fixed)
    assert lines() == [("鞄", 1, 8000), ("傘", 1, 2000)]
    assert Order.objects.get().total == 10_000
    before = everything()
    run(fixed)
    run(fixed)
    assert everything() == before


def test_a_price_with_a_word_about_its_tax_is_a_price(tmp_path):
    path = Path(shutil.copy(FILES / "i-half-1.csv", tmp_path))
    run(path)
    assert rejected(path) == []
    assert Order.objects.get().total == 10_000


def test_our_own_rejects_are_known_by_their_first_columns(write):
    path = write(text_of({}, {**SOCKS, "単価": "たくさん"}))
    run(path)
    beside = path.with_name(path.name + ".rejected.csv")
    mended = beside.read_text("utf-8-sig").replace("たくさん", "660")
    summary = run(write(mended, name="mended.csv"))
    assert [name for name, _quantity, _price in lines()] == ["ウールニット", "靴下"]
    assert "行, 理由" not in summary


def test_the_same_thing_twice_in_one_order_is_two_lines(write):
    path = write(text_of({"注文合計": ""}, {"注文合計": ""}, {**SOCKS, "注文合計": ""}))
    run(path)
    assert rejected(path) == []
    assert [name for name, _q, _p in lines()] == [
        "ウールニット",
        "ウールニット",
        "靴下",
    ]
    assert Order.objects.get().total == 12_800 * 2 + 660
    before = everything()
    run(path)
    assert everything() == before


def test_a_line_with_the_number_of_another_is_that_line(write):
    header = text_of({}).replace("送り状番号", "明細番号")
    row = header.splitlines()[1].replace(",,KN-01", ",7,KN-01")
    path = write("\r\n".join([header.splitlines()[0], row, row]) + "\r\n")
    run(path)
    assert len(lines()) == 1
    assert [one[0] for one in rejected(path)] == ["3"]
    assert "2" in rejected(path)[0][1]


def test_a_file_with_another_line_of_the_order_adds_it(write):
    plain = {"注文合計": ""}
    run(write(text_of(plain)))
    path = write(text_of({**plain, **SOCKS}))
    run(path)
    assert lines() == [("ウールニット", 1, 12_800), ("靴下", 1, 660)]
    assert Order.objects.get().total == 13_460
    before = everything()
    run(path)
    run(write(text_of(plain)))
    assert everything() == before


def test_news_of_a_line_are_its_quantity_and_price(write):
    run(write(text_of({"注文合計": ""}, {**SOCKS, "注文合計": ""})))
    run(write(text_of({"注文合計": "", "数量": "2"})))
    assert lines() == [("ウールニット", 2, 12_800), ("靴下", 1, 660)]
    assert Order.objects.get().total == 26_260


def test_lines_that_add_up_to_the_total_are_the_whole_order(write):
    run(write(text_of({}, {**SOCKS})))
    run(write(text_of({"注文合計": "25,600", "数量": "2"})))
    assert lines() == [("ウールニット", 2, 12_800)]
    assert Order.objects.get().total == 25_600


def test_a_file_of_whole_orders_takes_away_what_it_does_not_have(write):
    run(write(text_of({}, {**SOCKS})))
    run(write(text_of({"数量": "3"})), whole_orders=True)
    assert lines() == [("ウールニット", 3, 12_800)]


def test_an_order_with_a_rejected_row_is_not_whole(write):
    run(write(text_of({}, {**SOCKS})))
    run(write(text_of({"数量": "3"}, {**SOCKS, "単価": "?"})), whole_orders=True)
    assert lines() == [("ウールニット", 3, 12_800), ("靴下", 1, 660)]


def test_a_stated_total_stays_when_the_missing_line_comes(write):
    path = write(text_of({}, {**SOCKS, "単価": "?"}))
    run(path)
    beside = path.with_name(path.name + ".rejected.csv")
    mended = beside.read_text("utf-8-sig").replace("?", "660").replace('"¥13,460"', "")
    run(write(mended, name="mended.csv"))
    assert Order.objects.get().total == 13_460
    assert len(lines()) == 2


def test_a_line_that_says_nothing_of_its_order_joins_the_one_that_is_there(write):
    run(write(text_of({"注文合計": ""})))
    blank = dict.fromkeys(
        ["注文日時", "会員番号", "氏名", "電話番号", "メールアドレス"], ""
    )
    path = write(text_of({**SOCKS, **blank, "フリガナ": "", "注文合計": ""}))
    run(path)
    assert rejected(path) == []
    assert len(lines()) == 2


def test_facts_of_the_first_line_stand_and_later_ones_fill_what_it_leaves_out(write):
    blank = dict.fromkeys(["氏名", "電話番号", "住所", "支払方法", "注文状況"], "")
    path = write(
        text_of(
            {"注文状況": "発送済", "送り状番号": "", "配送会社": ""},
            {**SOCKS, **blank, "送り状番号": "1234-5678-9012", "配送会社": "佐川急便"},
            {**SOCKS, "商品名": "帯", "注文状況": "受付"},
        )
    )
    run(path)
    order = Order.objects.get()
    assert (order.status, order.lines.count()) == ("shipped", 3)
    assert order.shipment.tracking_number == "1234-5678-9012"
    assert order.payment.method == "クレジットカード"
    assert order.customer.family_name == "山田"
