"""The files of known shop systems, as they leave them: every order whole and its own."""

import shutil
from pathlib import Path

import pytest

from customers.choices import OrderStatus, StoreKind
from customers.models import Claim, Customer, ImportRun, Order
from tests.customers.order_files import everything, rejected, run

pytestmark = pytest.mark.usefixtures("store")

FILES = Path(__file__).parent.parent / "shop_files"


@pytest.fixture
def shop_file(tmp_path):
    def copied(name: str) -> Path:
        return Path(shutil.copy(FILES / name, tmp_path / name))

    return copied


def lines_of(number: str) -> list[tuple[str, int, int]]:
    order = Order.objects.get(number=number)
    return list(order.lines.values_list("name", "quantity", "unit_price"))


def claims_of(customer: Customer) -> set[tuple[str, str]]:
    return set(customer.claims.values_list("kind", "value"))


def test_shopify_leaves_the_order_blank_on_its_second_line(shop_file):
    path = shop_file("shopify.csv")
    run(path)
    assert rejected(path) == []
    order = Order.objects.get(number="#1001")
    assert lines_of("#1001") == [
        ("山椒七味 小瓶 - 赤", 2, 1650),
        ("だし詰合せ", 1, 6600),
    ]
    assert (order.total, order.status) == (10_450, OrderStatus.SHIPPED)
    assert order.payment.status == "paid"
    assert order.payment.method == "shopify_payments"
    assert order.shipment.shipped_at.isoformat() == "2026-10-02T06:00:00+00:00"
    customer = order.customer
    assert (customer.family_name, customer.given_name) == ("髙橋", "美咲")
    assert customer.address == "さいたま市中央1-2-3 コーポ101"
    assert claims_of(customer) == {
        ("email", "takahashi.m@example.jp"),
        ("phone", "+819011112201"),
    }
    cancelled = Order.objects.get(number="#1002")
    assert cancelled.status == OrderStatus.CANCELLED
    assert cancelled.payment.status == "refunded"
    assert Order.objects.get(number="#1003").status == OrderStatus.PREPARING
    assert Order.objects.get(number="#1003").customer.family_name == "Smith"


def test_eccube_says_tracking_and_payment_on_the_first_line(shop_file):
    path = shop_file("eccube_orders.csv")
    assert "cp932" in run(path)
    assert rejected(path) == []
    order = Order.objects.get(number="71")
    assert (order.total, order.status) == (10_450, OrderStatus.SHIPPED)
    assert lines_of("71") == [
        ("彩のジェラートCUBE / チョコ", 2, 4500),
        ("送料", 1, 550),
        ("ポイント", 1, -100),
    ]
    assert order.shipment.tracking_number == "3344-5566-7788"
    assert order.shipment.carrier == "ヤマト運輸"
    assert order.payment.method == "クレジットカード"
    assert order.payment.status == "paid"
    assert order.customer.family_name == "髙﨑"
    assert order.customer.given_name == "①子"
    assert order.customer.address == "埼玉県さいたま市浦和区高砂1-1"
    assert Order.objects.get(number="72").status == OrderStatus.CANCELLED


def test_a_checkout_that_was_never_completed_is_no_order(shop_file, write):
    text = (FILES / "eccube_orders.csv").read_text("cp932")
    path = write(text.replace("注文取消し", "購入処理中"), "cp932")
    summary = run(path)
    assert [order.number for order in Order.objects.all()] == ["71"]
    assert rejected(path) == []
    assert ImportRun.objects.get().counts["rows_unfinished"] == 1
    assert "手続きが完了していない" in summary


def test_rakuten_splits_phone_name_and_address(shop_file):
    path = shop_file("rakuten.csv")
    run(path)
    order = Order.objects.get(number="412345-20261001-0012345678")
    customer = order.customer
    assert (customer.family_name, customer.given_name) == ("齋藤", "由美子")
    assert (customer.family_kana, customer.given_kana) == ("サイトウ", "ユミコ")
    assert customer.address == "大阪府大阪市北区梅田１－２－３ メゾン梅田４０５"
    assert ("phone", "+819033334444") in claims_of(customer)
    assert (order.total, order.status) == (5550, OrderStatus.SHIPPED)
    assert lines_of(order.number) == [("【送料無料】十割そば ③袋", 2, 2500)]


def test_woocommerce_calls_its_guests_0(shop_file):
    path = shop_file("woo.csv")
    run(path)
    assert rejected(path) == []
    member = Order.objects.get(number="881").customer
    assert (member.family_name, member.given_name) == ("Suzuki", "Hanako")
    assert member.identities.get(kind="shop").value == "5"
    guest = Order.objects.get(number="882")
    assert (guest.customer.family_name, guest.customer.given_name) == ("Kato", "Jiro")
    assert not guest.customer.identities.exists()
    assert guest.status == OrderStatus.PLACED
    assert Order.objects.get(number="881").status == OrderStatus.COMPLETED


def test_smaregi_writes_receipts_of_a_store(shop_file):
    path = shop_file("smaregi.csv")
    run(path)
    sold = Order.objects.get(number="10001")
    assert (sold.store.name, sold.store.kind) == ("本店", StoreKind.PHYSICAL)
    assert (sold.status, sold.total) == (OrderStatus.COMPLETED, 3300)
    member = sold.customer.identities.get(kind="shop")
    assert (member.scope, member.value) == ("1", "M-0077")
    back = Order.objects.get(number="10002")
    assert back.customer == sold.customer
    assert back.total == -3300
    # The third receipt is nobody's: there is no member and no name.
    assert [row[0] for row in rejected(path)] == ["4"]


def test_a_voided_receipt_is_cancelled(write):
    text = (FILES / "smaregi.csv").read_text("cp932")
    voided = text.replace('15:00:00","1","0"', '15:00:00","1","1"', 1)
    run(write(voided, "cp932"))
    assert Order.objects.get(number="10001").status == OrderStatus.CANCELLED
    assert Order.objects.get(number="10002").status == OrderStatus.COMPLETED


BASE = (
    "注文ID,注文日時,氏(請求先),名(請求先),郵便番号(請求先),都道府県(請求先),住所(請求先),住所2(請求先),"
    "電話番号(請求先),メールアドレス(請求先),氏(配送先),名(配送先),郵便番号(配送先),都道府県(配送先),"
    "住所(配送先),住所2(配送先),電話番号(配送先),備考,商品名,バリエーション,価格,税率,数量,合計金額,送料,"
    "支払い方法,代引き手数料,発送状況,商品ID,種類ID,購入元,配送日,配送時間帯,注文メモ,調整金額\n"
    "0B1,2026/10/1 9:05,佐藤,花子,1500001,東京都,渋谷区1-1,302,0312345678,hana@example.jp,"
    "鈴木,一郎,5300001,大阪府,大阪市2-2,,0612345678,,湯呑,青,1650,10,1,3850,550,"
    "クレジットカード決済,0,発送済み,11,22,BASE,2026/10/5,午前中,,0\n"
    "0B1,2026/10/1 9:05,佐藤,花子,1500001,東京都,渋谷区1-1,302,0312345678,hana@example.jp,"
    "鈴木,一郎,5300001,大阪府,大阪市2-2,,0612345678,,湯呑,赤,1650,10,1,3850,550,"
    "クレジットカード決済,0,発送済み,11,23,BASE,2026/10/5,午前中,,0\n"
)
COLOR_ME = (
    "売上ID,受注日,購入者 名前,購入者 フリガナ,購入者 メールアドレス,購入者 郵便番号,購入者 都道府県,購入者 住所,"
    "購入者 電話番号,決済方法,送料合計,購入商品 型番,購入商品 商品名,"
    "購入商品 販売価格(消費税込),購入商品 販売個数,購入商品 小計\n"
    "9001,2026-10-01,田中太郎,タナカタロウ,tt@example.jp,1234567,東京都,渋谷区1-1-1,"
    "03-1111-2222,銀行振込,500,N-1,新鮮野菜,2500,2,5000\n"
)
NEXT_ENGINE = (
    "店舗伝票番号,受注日,受注郵便番号,受注住所１,受注住所２,受注名,受注名カナ,受注電話番号,受注メールアドレス,"
    "発送郵便番号,発送先住所１,発送先住所２,発送先名,発送先カナ,発送電話番号,支払方法,発送方法,商品計,税金,発送料,"
    "手数料,ポイント,その他費用,合計金額,ギフトフラグ,時間帯指定,日付指定,作業者欄,備考,商品名,商品コード,商品価格,"
    "受注数量,商品オプション,出荷済フラグ,顧客区分,顧客コード\n"
    "NE-1,2026/10/01 10:33:09,2500011,神奈川県小田原市栄町,1-2,山田太郎,ヤマダタロウ,0465220000,"
    "y@example.jp,2500011,神奈川県小田原市栄町,1-2,山田太郎,ヤマダタロウ,0465220000,代金引換,"
    "佐川急便,2400,0,600,300,0,0,3300,0,,,,,手帳,T-1,1200,2,,1,,\n"
)
AMAZON = (
    "order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\t"
    "buyer-phone-number\tsku\tproduct-name\tquantity-purchased\titem-price\n"
    "250-1058756-4279348\t10001\t2026-10-01T05:00:00+09:00\t2026-10-01T05:00:10+09:00\t"
    "abc@marketplace.amazon.co.jp\t木村 一\t080-1111-2222\tAM-1\tマグ\t3\t3000\n"
)
CREEMA = (
    "注文ID,購入日,ステータス,支払い日,発送予定日,発送日,作品タイトル,種類,作品単価,作品価格,数量,取引相手,購入回数,"
    "配送方法,配送料,作品合計,送料・ラッピング,(-)作家クーポン,合計金額,ご注文金額,氏名,郵便番号,住所,TEL,メモ\n"
    'C77,10月1日(木),発送完了,10月1日(木),,10月3日(土),木の皿,大,3000円,"3,300円(税込)",1,hanako22,1,'
    "宅急便,700,3300,700,0,4000,4000,林 直美,6000001,京都府京都市1-1,075-111-2222,\n"
)


@pytest.mark.parametrize(
    ("text", "number", "person", "phone", "total", "status", "lines"),
    [
        (
            BASE,
            "0B1",
            "佐藤 花子",
            "+81312345678",
            3850,
            "shipped",
            [("湯呑 / 青", 1, 1650), ("湯呑 / 赤", 1, 1650)],
        ),
        (
            COLOR_ME,
            "9001",
            "田中太郎",
            "+81311112222",
            5000,
            "placed",
            [("新鮮野菜", 2, 2500)],
        ),
        (
            NEXT_ENGINE,
            "NE-1",
            "山田太郎",
            "+81465220000",
            3300,
            "shipped",
            [("手帳", 2, 1200)],
        ),
        (
            AMAZON,
            "250-1058756-4279348",
            "木村 一",
            "+818011112222",
            3000,
            "placed",
            [("マグ", 3, 1000)],
        ),
        (
            CREEMA,
            "C77",
            "林 直美",
            "+81751112222",
            4000,
            "shipped",
            [("木の皿 / 大", 1, 3300)],
        ),
    ],
    ids=["BASE", "カラーミー", "ネクストエンジン", "Amazon", "Creema"],
)
def test_exports_of_other_shops_are_read_as_they_are(
    write, text, number, person, phone, total, status, lines
):
    path = write(text)
    run(path)
    assert rejected(path) == []
    order = Order.objects.get()
    assert (order.number, order.customer.name) == (number, person)
    assert (order.total, order.status) == (total, status)
    assert order.placed_at.date().isoformat() in {"2026-09-30", "2026-10-01"}
    assert lines_of(number) == lines
    assert ("phone", phone) in claims_of(order.customer)
    before = everything()
    run(path)
    assert everything() == before


@pytest.mark.parametrize(
    "name",
    ["shopify.csv", "eccube_orders.csv", "rakuten.csv", "woo.csv", "smaregi.csv"],
)
def test_the_same_file_twice_changes_nothing(shop_file, name):
    path = shop_file(name)
    run(path)
    before = [*everything(), list(Claim.objects.values())]
    run(path)
    assert [*everything(), list(Claim.objects.values())] == before


def test_columns_that_are_not_imported_are_named(shop_file):
    summary = run(shop_file("woo.csv"))
    assert "customer_note" in summary
    assert "customer_note" in ImportRun.objects.get().counts["unknown_columns"]
    assert "billing_email" not in ImportRun.objects.get().counts["unknown_columns"]


def test_what_excel_guards_is_what_it_guards(shop_file):
    path = shop_file("e-guard-16.csv")
    run(path)
    order = Order.objects.get()
    assert order.number == "0012"
    assert order.lines.get().product.sku == "00123"
    assert order.customer.identities.get(kind="shop").value == "00077"
    assert ("phone", "+819010000001") in claims_of(order.customer)


def test_every_word_is_understood_or_asked_about_once(shop_file):
    path = shop_file("g-words-5.csv")
    run(path)
    assert rejected(path) == []
    assert Order.objects.count() == 42
    assert ImportRun.objects.get().counts["unknown_words"] == {}
    found = dict(Order.objects.values_list("number", "status"))
    assert found["W1"] == OrderStatus.SHIPPED
    assert found["W6"] == OrderStatus.CANCELLED
    assert found["W10"] == OrderStatus.RETURNED
    assert found["W28"] == OrderStatus.COMPLETED
    assert found["W35"] == OrderStatus.SHIPPED
