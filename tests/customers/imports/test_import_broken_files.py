"""Broken rows and files of other kinds: each gets its sentence and stops nothing."""

import pytest
from django.core.management import CommandError
from django.db import OperationalError

from customers.choices import StoreKind
from customers.models import (
    Claim,
    Customer,
    ImportRun,
    Order,
)
from tests.customers.order_files import (
    COLUMNS,
    everything,
    fresh,
    line_of,
    raw_lines,
    rejected,
    run,
    text_of,
)
from tests.factories.customers import StoreFactory

pytestmark = pytest.mark.usefixtures("store")


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
    "unknown store": {"店舗コード": "どこか"},
    "no customer": {"氏名": "", "会員番号": "", "電話番号": "", "メールアドレス": ""},
    "unreadable customer": {
        "氏名": "ゲスト",
        "会員番号": "0",
        "電話番号": "12",
        "メールアドレス": "x",
    },
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
    assert Claim.objects.filter(value="+819012345678").exists()


def test_a_clean_run_takes_the_old_rejected_file_away(write):
    path = write(text_of({"単価": "abc"}))
    run(path)
    assert rejected(path)
    run(write(text_of({})))
    assert not path.with_name(path.name + ".rejected.csv").exists()


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


def test_a_database_that_goes_away_is_said_in_a_sentence(write, monkeypatch):
    def gone() -> int:
        raise OperationalError

    monkeypatch.setattr("customers.imports.rejected.count", gone)
    with pytest.raises(CommandError, match="もう一度実行してください"):
        run(write(text_of({})))
