"""Importing order files: what is taken, what is refused, and that nothing is doubled."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agentdesk.audit.models import AuditEntry
from customers.choices import IdentityKind, OrderStatus, StoreKind
from customers.models import (
    Customer,
    Identity,
    ImportRun,
    Order,
    OrderLine,
    OrderStatusChange,
    Payment,
    Product,
    Shipment,
    Store,
)
from tests.factories.customers import CustomerFactory, IdentityFactory, StoreFactory

COLUMNS = [
    "注文番号",
    "注文日時",
    "注文状況",
    "注文合計",
    "店舗コード",
    "会員番号",
    "氏名",
    "フリガナ",
    "電話番号",
    "メールアドレス",
    "住所",
    "支払方法",
    "入金状況",
    "配送会社",
    "送り状番号",
    "商品コード",
    "商品名",
    "数量",
    "単価",
]
FIRST = {
    "注文番号": "KG-1001",
    "注文日時": "2026/11/20 14:05",
    "注文状況": "受付",
    "注文合計": "¥13,460",
    "店舗コード": "EC",
    "会員番号": "M-1",
    "氏名": "山田　太郎 様",
    "フリガナ": "ヤマダ タロウ",
    "電話番号": "０９０－１２３４－５６７８",
    "メールアドレス": "Taro@Example.jp",
    "住所": "東京都渋谷区1-2-3",
    "支払方法": "クレジットカード",
    "入金状況": "入金済",
    "配送会社": "",
    "送り状番号": "",
    "商品コード": "KN-01",
    "商品名": "ウールニット",
    "数量": "１",
    "単価": "￥１２，８００",
}


@pytest.fixture(autouse=True)
def store(account) -> Store:
    return StoreFactory(account=account, code="EC", name="公式通販")


def text_of(*rows: dict[str, str], columns: list[str] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**FIRST, **row} for row in rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, encoding: str = "utf-8", name="orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(
            content.encode(encoding) if isinstance(content, str) else content
        )
        return path

    return write


def run(path: Path, **options) -> str:
    out = io.StringIO()
    options = {"account": "kogane", "stdout": out, "stderr": io.StringIO(), **options}
    call_command("import_orders", str(path), **options)
    return out.getvalue()


def rejected(path: Path) -> list[list[str]]:
    beside = path.with_name(path.name + ".rejected.csv")
    if not beside.exists():
        return []
    return list(csv.reader(io.StringIO(beside.read_text("utf-8-sig"))))[1:]


def everything() -> list[object]:
    """All rows an import may write, every column of them."""
    models = (
        Customer,
        Identity,
        Order,
        OrderLine,
        OrderStatusChange,
        Payment,
        Product,
        Shipment,
        Store,
        AuditEntry,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


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
        ("phone", "+819012345678", False),
        ("email", "taro@example.jp", False),
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


def test_changed_lines_replace_the_old_ones(write):
    run(write(text_of({}, {"商品名": "靴下", "商品コード": "S"})))
    run(write(text_of({"数量": "2"})))
    lines = list(Order.objects.get().lines.values_list("name", "quantity"))
    assert lines == [("ウールニット", 2)]


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
    ],
)
def test_dates_are_read_in_the_ways_shops_write_them(write, cell, utc):
    run(write(text_of({"注文日時": cell})))
    assert Order.objects.get().placed_at.isoformat() == utc


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("09012345678", "+819012345678"),
        ("9012345678", "+819012345678"),
        ("312345678", "+81312345678"),
        ("+81 90-1234-5678", "+819012345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
    ],
)
def test_phone_numbers_are_read_and_the_lost_zero_is_repaired(write, typed, kept):
    run(write(text_of({"電話番号": typed})))
    assert Identity.objects.get(kind=IdentityKind.PHONE).value == kept


def test_an_unreadable_phone_number_does_not_cost_the_order(write):
    summary = run(write(text_of({"電話番号": "9.01E+10"})))
    assert Order.objects.count() == 1
    assert not Identity.objects.filter(kind=IdentityKind.PHONE).exists()
    assert summary


BROKEN = {
    "bad date": {"注文日時": "2026/02/31"},
    "no date": {"注文日時": ""},
    "far date": {"注文日時": "9999/12/31"},
    "bad amount": {"単価": "たくさん"},
    "fraction of a yen": {"単価": "12.50"},
    "huge amount": {"単価": "9" * 30},
    "infinite amount": {"単価": "1e999"},
    "missing number": {"注文番号": ""},
    "long number": {"注文番号": "9" * 61},
    "unknown status": {"注文状況": "宇宙へ発送"},
    "unknown store": {"店舗コード": "どこか"},
    "no customer": {"会員番号": "", "電話番号": "", "メールアドレス": ""},
    "unreadable customer": {"会員番号": "", "電話番号": "12", "メールアドレス": "x"},
    "no product": {"商品コード": "", "商品名": ""},
    "long product": {"商品名": "長" * 201},
    "huge quantity": {"数量": "100001"},
    "megabyte": {"住所": "長" * 1_000_001},
    "big field": {"住所": "長" * 200_000},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_row_is_set_aside_with_its_reason_and_stops_nothing(write, broken):
    good = {"注文番号": "KG-2", "会員番号": "M-2", "電話番号": "", "メールアドレス": ""}
    path = write(text_of({**broken}, good))
    run(path)
    assert [order.number for order in Order.objects.all()] == ["KG-2"]
    rows = rejected(path)
    assert [row[0] for row in rows] == ["2"]
    assert rows[0][1]


def raw_lines(*lines: str) -> str:
    return text_of({}).splitlines()[0] + "\r\n" + "\r\n".join(lines) + "\r\n"


def line_of(**row: str) -> str:
    return text_of(row).splitlines()[1]


def fresh(number: int) -> dict[str, str]:
    return {
        "注文番号": f"N-{number}",
        "会員番号": f"M-{number}",
        "電話番号": "",
        "メールアドレス": "",
    }


@pytest.mark.parametrize(
    "broken",
    [
        line_of(**fresh(1)) + ",余分",
        "少ない,列",
        line_of(**fresh(1)).replace("ウールニット", '"ウールニット'),
        line_of(**fresh(1)).replace("KN-01", "KN\x0001"),
    ],
    ids=["more columns", "fewer columns", "open quote", "NUL"],
)
def test_a_row_that_cannot_be_cut_costs_itself_only(write, broken):
    path = write(
        raw_lines(
            line_of(**fresh(2)),
            broken,
            line_of(**fresh(3)),
            broken,
            line_of(**fresh(4)),
        )
    )
    run(path)
    numbers = sorted(order.number for order in Order.objects.all())
    assert numbers == ["N-2", "N-3", "N-4"]
    assert [row[0] for row in rejected(path)] == ["3", "5"]


def test_bytes_that_are_no_text_cost_their_row_only(write):
    content = raw_lines(*(line_of(**fresh(n)) for n in range(5))).encode()
    path = write(content.replace(b"N-3,", b"N-3\xff\xfe,"))
    run(path)
    assert Order.objects.count() == 4
    assert len(rejected(path)) == 1


def test_a_line_break_inside_quotes_belongs_to_its_cell(write):
    path = write(text_of({"住所": "東京都\n渋谷区"}, fresh(2)))
    run(path)
    assert Order.objects.count() == 2
    customer = Customer.objects.get(identities__value="M-1")
    assert customer.address == "東京都 渋谷区"


def test_the_rejected_file_holds_the_columns_as_they_were_and_no_formula(write):
    path = write(text_of({"単価": "=1+1", "氏名": "@SUM(A1)"}))
    run(path)
    row = rejected(path)[0]
    assert row[2] == "KG-1001"
    assert "'=1+1" in row
    assert "'@SUM(A1)" in row


def test_the_corrected_rejected_file_can_be_imported_itself(write, tmp_path):
    path = write(text_of({"単価": "abc", "電話番号": "+81 90-1234-5678"}))
    run(path)
    beside = path.with_name(path.name + ".rejected.csv")
    text = beside.read_text("utf-8-sig")
    assert "'+81" in text
    fixed = write(text.replace("abc", "500"), name="fixed.csv")
    run(fixed)
    assert Order.objects.get().lines.get().unit_price == 500
    assert Identity.objects.filter(value="+819012345678").exists()


def test_a_clean_run_takes_the_old_rejected_file_away(write):
    path = write(text_of({"単価": "abc"}))
    run(path)
    assert rejected(path)
    run(write(text_of({})))
    assert not path.with_name(path.name + ".rejected.csv").exists()


def test_lines_of_one_order_may_lie_far_apart(write):
    between = [fresh(n) for n in range(1200)]
    path = write(text_of({}, *between, {"商品名": "靴下", "商品コード": "S"}))
    run(path)
    assert Order.objects.get(number="KG-1001").lines.count() == 2
    assert Order.objects.count() == 1201


def test_a_line_that_stands_there_twice_is_taken_once(write):
    path = write(text_of({}, {}, {"商品名": "靴下"}))
    run(path)
    assert Order.objects.get().lines.count() == 2
    rows = rejected(path)
    assert [row[0] for row in rows] == ["3"]
    assert "2" in rows[0][1]


def test_lines_that_name_different_customers_reject_their_order(write):
    path = write(text_of({}, {"会員番号": "M-2", "商品名": "靴下"}, fresh(7)))
    run(path)
    assert [order.number for order in Order.objects.all()] == ["N-7"]
    assert [row[0] for row in rejected(path)] == ["2", "3"]


def test_phone_and_mail_of_two_customers_reject_the_order(write, account):
    one = CustomerFactory(account=account)
    two = CustomerFactory(account=account)
    IdentityFactory(customer=one, value="+819012345678")
    IdentityFactory(customer=two, kind=IdentityKind.EMAIL, value="taro@example.jp")
    path = write(text_of({"会員番号": ""}, fresh(7)))
    run(path)
    assert [order.number for order in Order.objects.all()] == ["N-7"]
    assert [row[0] for row in rejected(path)] == ["2"]


def test_the_shop_number_decides_and_leaves_the_addresses_of_others(write, account):
    one = CustomerFactory(account=account)
    two = CustomerFactory(account=account)
    IdentityFactory(customer=one, kind=IdentityKind.SHOP, value="M-1")
    held = IdentityFactory(customer=two, value="+819012345678")
    run(write(text_of({})))
    assert Order.objects.get().customer == one
    held.refresh_from_db()
    assert held.customer == two


def test_a_caller_known_by_number_only_gets_orders_name_and_shop_number(write, account):
    caller = CustomerFactory(
        account=account, family_name="", given_name="", family_kana="", given_kana=""
    )
    IdentityFactory(customer=caller, value="+819012345678")
    run(write(text_of({})))
    assert Order.objects.get().customer == caller
    caller.refresh_from_db()
    assert caller.family_name == "山田"
    assert caller.identities.filter(kind=IdentityKind.SHOP, value="M-1").exists()


def test_two_shop_numbers_on_one_phone_stay_two_customers(write):
    run(
        write(
            text_of({}, {"注文番号": "KG-2", "会員番号": "M-2", "メールアドレス": ""})
        )
    )
    assert Customer.objects.count() == 2
    assert Identity.objects.filter(kind=IdentityKind.PHONE).count() == 1


def test_what_an_agent_corrected_is_not_undone_by_the_next_run(write):
    path = write(text_of({}))
    run(path)
    customer = Customer.objects.get()
    customer.identities.filter(kind=IdentityKind.PHONE).delete()
    Customer.objects.update(family_name="山本")
    run(path)
    assert not Identity.objects.filter(kind=IdentityKind.PHONE).exists()
    assert Customer.objects.get().family_name == "山本"


def test_the_same_addresses_in_another_account_are_other_people(write, other_account):
    theirs = CustomerFactory(account=other_account)
    IdentityFactory(customer=theirs, kind=IdentityKind.SHOP, value="M-1")
    run(write(text_of({})))
    assert Order.objects.get().customer != theirs
    assert not theirs.orders.exists()


def test_a_store_that_the_file_names_is_made_as_a_store(write, account):
    content = text_of({"店舗コード": "SJ"}).replace("送り状番号", "店舗名")
    content = content.replace("配送会社", "店舗区分")
    content = content.replace(",,,KN-01", ",実店舗,新宿店,KN-01")
    run(write(content))
    store = Store.objects.get(code="SJ")
    assert (store.name, store.kind) == ("新宿店", StoreKind.PHYSICAL)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n\r\n",
        b"\xef\xbb\xbf",
        b"PK\x03\x04" + b"\x00" * 500,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"%PDF-1.7 ...",
        "注文番号,注文日時".encode("utf-16"),
        "a,b,c\n1,2,3\n".encode("utf-16-le"),
        "名前,年齢\n山田,20\n".encode(),
        b"order_number\n1\n",
        bytes(range(128, 256)) * 50,
        b"x" * 2_500_000,
    ],
    ids=[
        "empty",
        "blank",
        "mark only",
        "xlsx",
        "image",
        "pdf",
        "utf-16",
        "utf-16 without mark",
        "other columns",
        "too few columns",
        "binary",
        "one endless line",
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence_and_writes_nothing(
    write, content
):
    path = write(content)
    before = everything()
    with pytest.raises(CommandError) as refusal:
        run(path)
    assert len(str(refusal.value)) > 5
    assert "\n" not in str(refusal.value)
    assert everything() == before
    assert not ImportRun.objects.exists()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_unknown_account_store_mapping_or_file_are_said(write, tmp_path):
    path = write(text_of({}))
    bad = tmp_path / "bad.yaml"
    bad.write_text("columns: {nonsense: x}", encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text("columns: [", encoding="utf-8")
    for options in (
        {"account": "nobody"},
        {"store": "nowhere"},
        {"mapping": bad},
        {"mapping": broken},
        {"mapping": tmp_path / "missing.yaml"},
    ):
        with pytest.raises(CommandError):
            run(path, **options)
    with pytest.raises(CommandError):
        run(tmp_path / "missing.csv")
    with pytest.raises(CommandError):
        run(tmp_path)
    assert not Order.objects.exists()


def test_a_file_without_stores_needs_one_named(write, account):
    columns = [name for name in COLUMNS if name != "店舗コード"]
    path = write(text_of({}, columns=columns))
    StoreFactory(account=account, code="SJ", kind=StoreKind.PHYSICAL)
    with pytest.raises(CommandError):
        run(path)
    run(path, store="SJ")
    assert Order.objects.get().store.code == "SJ"
