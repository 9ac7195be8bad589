"""What stands for nothing: no member number, address or name of anybody."""

import shutil
from pathlib import Path

import pytest

from customers.choices import IdentityKind
from customers.models import Claim, Customer, Identity, ImportSettings, Order
from tests.customers.order_files import everything, rejected, run, text_of

pytestmark = pytest.mark.usefixtures("store")

FILES = Path(__file__).parent.parent / "shop_files"
HANAKO = {
    "注文番号": "KG-2",
    "氏名": "佐藤 花子",
    "フリガナ": "サトウ ハナコ",
    "電話番号": "090-2000-0002",
    "メールアドレス": "hanako@example.jp",
}


def people() -> int:
    return Order.objects.values("customer").distinct().count()


@pytest.mark.parametrize("name", ["g-zero-1.csv", "g-guest-3.csv"])
def test_guests_with_a_filler_for_a_number_are_people_of_their_own(tmp_path, name):
    run(Path(shutil.copy(FILES / name, tmp_path)))
    assert people() == 2
    assert not Identity.objects.exists()


def test_what_is_no_phone_or_mail_is_nobodys_and_stays_with_the_order(tmp_path):
    path = Path(shutil.copy(FILES / "g-phone-6.csv", tmp_path))
    run(path)
    assert rejected(path) == []
    assert people() == 7
    assert not Claim.objects.filter(kind="phone").exists()
    assert set(Claim.objects.values_list("value", flat=True)) == {
        "taro@example.jp",
        "hanako@example.jp",
    }
    order = Order.objects.get(number="B4")
    assert order.unread_cells == {"電話番号": "090-0000-0000"}
    before = everything()
    run(path)
    assert everything() == before


@pytest.mark.parametrize(
    "filler",
    [
        "0",
        "０",
        "0000",
        "-",
        "ー",
        "−",
        "ゲスト",
        "ｹﾞｽﾄ",
        "guest",
        "GUEST",
        "非会員",
        "なし",
        "無し",
        "NULL",
        "n/a",
        "N/A",
        "none",
        "未登録",
        "(なし)",
        "ゲスト様",
        "nan",
    ],
)
def test_fillers_are_no_member_number_in_any_spelling(write, filler):
    run(write(text_of({"会員番号": filler}, {**HANAKO, "会員番号": filler})))
    assert people() == 2
    assert not Identity.objects.filter(kind=IdentityKind.SHOP).exists()


@pytest.mark.parametrize(
    ("column", "filler"),
    [
        ("電話番号", "000-0000-0000"),
        ("電話番号", "0000000000"),
        ("電話番号", "１１１１１１１１１１１"),
        ("電話番号", "090-0000-0000"),
        ("電話番号", "なし"),
        ("電話番号", "090-XXXX-XXXX"),
        ("メールアドレス", "none@none.com"),
        ("メールアドレス", "NOREPLY@shop.example"),
        ("メールアドレス", "no-reply@shop.example"),
        ("メールアドレス", "xxx@example.com"),
        ("メールアドレス", "a@nomail.com"),
        ("メールアドレス", "ｎｏｎｅ＠ｎｏｎｅ．ｃｏｍ"),
        ("メールアドレス", "x@x.invalid"),
    ],
)
def test_fillers_are_no_address_of_anybody(write, column, filler):
    nobody = {"会員番号": "", "電話番号": "", "メールアドレス": "", column: filler}
    run(write(text_of(nobody, {**nobody, "注文番号": "KG-2"})))
    assert not Claim.objects.exists()
    assert not Identity.objects.exists()
    assert people() == 2


def test_a_filler_for_a_name_is_no_name(write):
    run(
        write(
            text_of({"氏名": "ゲスト 様"}, {**HANAKO, "会員番号": "M-2", "氏名": "-"})
        )
    )
    assert set(Customer.objects.values_list("family_name", "name_key")) == {("", "")}


def test_an_account_has_fillers_of_its_own(write, account):
    text = text_of({"会員番号": "一見さん"}, {**HANAKO, "会員番号": "一見さん"})
    ImportSettings.objects.create(account=account, fillers="会員外扱い\n一見さん\n")
    run(write(text))
    assert people() == 2
    assert not Identity.objects.exists()


def test_a_value_that_many_names_share_is_nobodys(write, account):
    names = ["赤井 一", "石井 二", "上田 三", "江口 四"]
    rows = [
        {"注文番号": f"S-{at}", "会員番号": "9", "氏名": name, "フリガナ": ""}
        | {"電話番号": "03-1234-5678", "メールアドレス": f"p{at}@example.jp"}
        for at, name in enumerate(names)
    ]
    ImportSettings.objects.create(account=account, shared_limit=3)
    summary = run(write(text_of(*rows)))
    assert people() == 4
    assert not Identity.objects.exists()
    assert not Claim.objects.filter(kind="phone").exists()
    order = Order.objects.get(number="S-0")
    assert order.unread_cells == {"会員番号": "9", "電話番号": "+81312345678"}
    assert "多数の顧客に共通" in summary


def test_a_member_with_a_few_spellings_of_the_name_stays_one(write):
    rows = [
        {"注文番号": f"S-{at}", "氏名": name, "フリガナ": ""}
        for at, name in enumerate(["山田 太郎", "山田太郎", "ヤマダ タロウ", "山田"])
    ]
    run(write(text_of(*rows)))
    assert people() == 1


@pytest.mark.parametrize(
    ("family", "given"), [("Null", "Jennifer"), ("Guest", "Ken"), ("大野", "空")]
)
def test_people_may_be_called_like_a_filler(write, family, given):
    header, row = text_of({"氏名": family, "フリガナ": given}).splitlines()
    header = header.replace("氏名", "姓").replace("フリガナ", "名")
    run(write(f"{header}\r\n{row}\r\n"))
    customer = Customer.objects.get()
    assert (customer.family_name, customer.given_name) == (family, given)
