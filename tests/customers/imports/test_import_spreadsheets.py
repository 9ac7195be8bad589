"""What spreadsheets and their users make of a shop's file before it is imported."""

import pytest

from customers.choices import OrderStatus
from customers.models import Customer, Order
from tests.customers.order_files import fresh, raw_lines, rejected, run, text_of

pytestmark = pytest.mark.usefixtures("store")


def numbers() -> list[str]:
    return list(Order.objects.order_by("number").values_list("number", flat=True))


@pytest.mark.parametrize(
    "above",
    [
        "\r\n\r\n",
        "sep=,\r\n",
        "注文データ 2026年10月\r\n\r\n",
        "注文データ,,,,,,,,,,,,,,,,,,\r\n出力日,2026/10/01\r\n",
    ],
    ids=["empty lines", "sep=", "a title", "a title over all columns"],
)
def test_column_names_may_stand_below_a_title(write, above):
    path = write(above + text_of(fresh(1)))
    run(path)
    assert (numbers(), rejected(path)) == (["N-1"], [])


def test_only_a_title_names_the_missing_columns(write):
    with pytest.raises(Exception, match="注文番号"):
        run(write("注文データ\r\n" * 30))


def test_cells_may_be_divided_by_semicolons(write):
    path = write(text_of({**fresh(1), "注文合計": "13460"}).replace(",", ";"))
    run(path)
    assert (numbers(), rejected(path)) == (["N-1"], [])


def test_empty_cells_at_the_end_of_a_row_are_none(write):
    names, *rows = text_of(fresh(1), fresh(2)).splitlines()
    path = write("\r\n".join([names, *(f"{row},,," for row in rows)]) + "\r\n\x1a")
    run(path)
    assert (numbers(), rejected(path)) == (["N-1", "N-2"], [])


def test_columns_without_a_name_may_be_left_out(write):
    names, row = text_of(fresh(1)).splitlines()
    path = write(f"{names},,\r\n{row}\r\n")
    run(path)
    assert (numbers(), rejected(path)) == (["N-1"], [])


def test_a_row_that_lacks_a_named_column_is_no_row(write):
    path = write(raw_lines("N-1,2026/10/01"))
    run(path)
    assert len(rejected(path)) == 1


def test_shortened_order_numbers_are_never_one_order(write):
    rows = [{**fresh(n), "注文番号": "1.23457E+15"} for n in (1, 2)]
    path = write(text_of(*rows, fresh(3)))
    run(path)
    assert numbers() == ["N-3"]
    assert ["1.23457E+15" in one[1] for one in rejected(path)] == [True, True]


def test_shortened_member_numbers_are_never_one_customer(write):
    mail = "メールアドレス"
    rows = [
        {**fresh(n), "会員番号": "2.0261E+11", mail: f"c{n}@example.jp"} for n in (1, 2)
    ]
    run(write(text_of(*rows)))
    assert Customer.objects.count() == 2
    assert not Customer.objects.filter(identities__value="2.0261E+11").exists()


MINNE = (
    "注文ID,注文日,注文状況,支払方法,入金確認日,発送日,作品名,配送方法,配送エリア,"
    "発送までの目安,販売価格,数量,小計,備考,注文の販売価格,注文の送料,注文の合計,"
    "注文者のユーザーID,注文者のニックネーム,注文者の氏名,注文者の電話番号,"
    "配送先の郵便番号,配送先の住所1,配送先の住所2,配送先の氏名,配送先の電話番号,作品管理番号"
)
_ORDER = "12345,2026/10/01,発送済み,カード,2026/10/01,2026/10/03"
_BUYER = (
    ",,4200,300,4500,hanako77,はな,山田 花子,09011112222,1500001,東京都,,鈴木 一郎,"
    "0311112222"
)


def test_minne_says_the_line_in_the_subtotal_and_the_order_beside_it(write):
    lines = [
        f"{_ORDER},陶器の皿,定形外,全国,3日,1500,2,3000{_BUYER},SARA",
        f"{_ORDER},箸置き,定形外,全国,3日,1200,1,1200{_BUYER},HASHI",
    ]
    path = write("\r\n".join([MINNE, *lines]), "cp932")
    assert "minne" in run(path)
    order = Order.objects.get(number="12345")
    assert (order.total, order.status, rejected(path)) == (
        4500,
        OrderStatus.SHIPPED,
        [],
    )
    assert list(order.lines.values_list("name", "quantity", "unit_price")) == [
        ("陶器の皿", 2, 1500),
        ("箸置き", 1, 1200),
    ]
    assert order.customer.family_name == "山田"
    assert order.customer.claims.get().value == "+819011112222"


STORES = (
    "オーダー番号,オーダー日,ステータス,アイテム名,個数,小計,配送料,合計,内消費税,氏(配送先),"
    "名(配送先),電話番号(配送先),氏(請求先),名(請求先),都道府県(請求先),住所(請求先),"
    "電話番号(請求先)\r\n"
    "77001,2026/10/01,発送済み,Tシャツ,2,6600,500,7100,645,鈴木,一郎,0311112222,山田,花子,"
    "東京都,渋谷区1-1,09011112222\r\n"
)


def test_stores_names_the_buyer_beside_the_recipient(write):
    path = write(STORES)
    assert "STORES" in run(path)
    order = Order.objects.get(number="77001")
    assert (order.total, order.customer.given_name, rejected(path)) == (
        7100,
        "花子",
        [],
    )
    assert order.lines.get().unit_price == 3300
    assert order.customer.address == "東京都渋谷区1-1"


SQUARE = (
    "Order,Order Date,Currency,Order Subtotal,Order Total,Fulfillment Date,Fulfillment Status,"
    "Recipient Name,Recipient Email,Recipient Phone,Recipient Address,Recipient City,"
    "Recipient Region,Item Quantity,Item Name,Item SKU,Item Variation,Item Price,"
    "Item Total Price\r\n"
    "880001,2026/10/01,JPY,3300,3300,2026/10/03,Completed,花子 山田,hanako@example.jp,"
    "+819011112222,1-1,渋谷区,東京都,1,Tシャツ,TS-1,M,3300,3300\r\n"
)


def test_squares_online_orders_are_known(write):
    path = write(SQUARE)
    assert "Square" in run(path)
    order = Order.objects.get(number="880001")
    assert (order.total, order.status, rejected(path)) == (3300, "completed", [])
    assert order.customer.family_name == "山田"
