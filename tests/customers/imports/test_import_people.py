"""Who is one person and who is not: claims, shared addresses, two shops, conflicts."""

import pytest

from agentdesk.audit.models import AuditEntry
from customers.choices import ClaimState, IdentityKind, StoreKind
from customers.models import Claim, Customer, Identity, Order
from customers.people.actions.edit import edit_customer
from tests.customers.order_files import everything, rejected, run, text_of
from tests.factories.customers import CustomerFactory, IdentityFactory, StoreFactory

pytestmark = pytest.mark.usefixtures("store")

HANAKO = {
    "注文番号": "KG-2",
    "氏名": "佐藤 花子",
    "フリガナ": "サトウ ハナコ",
    "電話番号": "090-2000-0002",
    "メールアドレス": "hanako@example.jp",
}


def people() -> int:
    return Order.objects.values("customer").distinct().count()


def test_a_family_keeps_its_phone_as_a_claim_of_each(write):
    family = {"会員番号": "", "電話番号": "03-1111-2222", "メールアドレス": ""}
    run(
        write(
            text_of(
                family,
                {**family, "注文番号": "KG-2", "氏名": "山田 花子", "フリガナ": ""},
                {**family, "注文番号": "KG-3"},
            )
        )
    )
    assert people() == 2
    claims = Claim.objects.filter(kind="phone", value="+81311112222")
    assert claims.count() == 2
    assert not Identity.objects.exists()


def test_an_order_of_the_same_address_and_name_is_the_same_persons(write):
    guest = {"会員番号": "", "電話番号": ""}
    run(write(text_of(guest)))
    run(write(text_of({**guest, "注文番号": "KG-2", "氏名": "山田太郎"})))
    run(write(text_of({**guest, "注文番号": "KG-3", "氏名": "ヤマダ タロウ"})))
    assert people() == 1


def test_the_reading_finds_a_person_whose_name_is_written_otherwise(write):
    guest = {"会員番号": "", "電話番号": ""}
    run(write(text_of({**guest, "氏名": "渡邊 健", "フリガナ": "ワタナベ ケン"})))
    other = {**guest, "注文番号": "KG-2", "氏名": "渡部 健", "フリガナ": "ﾜﾀﾅﾍﾞ ｹﾝ"}
    run(write(text_of(other)))
    assert people() == 1


def test_a_guests_order_never_goes_to_another_name_on_the_same_address(write):
    guest = {"会員番号": "", "電話番号": ""}
    run(write(text_of(guest, {**guest, **HANAKO, "メールアドレス": "taro@example.jp"})))
    assert people() == 2


def test_an_established_address_finds_its_holder_unless_the_name_says_otherwise(
    write, account
):
    caller = CustomerFactory(account=account)
    IdentityFactory(customer=caller, value="+819012345678", verified=True)
    guest = {"会員番号": "", "メールアドレス": ""}
    run(write(text_of(guest, {**guest, **HANAKO, "電話番号": "090-1234-5678"})))
    assert Order.objects.get(number="KG-1001").customer == caller
    hanako = Order.objects.get(number="KG-2").customer
    assert hanako != caller
    assert hanako.claims.get(kind="phone").value == "+819012345678"
    assert not caller.claims.filter(kind="phone").exists()


def test_two_stores_that_count_their_members_from_1_have_two_members(write, account):
    StoreFactory(account=account, code="SJ", kind=StoreKind.PHYSICAL)
    StoreFactory(account=account, code="SB", kind=StoreKind.PHYSICAL)
    here = {"会員番号": "77", "電話番号": "", "メールアドレス": ""}
    there = {
        **here,
        "注文番号": "KG-2",
        "店舗コード": "SJ",
        "氏名": "佐藤 花子",
        "フリガナ": "",
    }
    chain = {**there, "注文番号": "KG-3", "店舗コード": "SB"}
    run(write(text_of(here, there, chain)))
    assert people() == 2
    assert set(
        Identity.objects.values_list("scope", "value", "customer__family_name")
    ) == {("", "77", "山田"), ("SJ", "77", "佐藤")}


def test_00077_and_77_are_two_members(write):
    run(write(text_of({"会員番号": "'00077"}, {**HANAKO, "会員番号": "77"})))
    assert people() == 2


def test_addresses_of_members_are_verified_where_the_shop_says_so(write, account):
    held = IdentityFactory(
        customer=CustomerFactory(
            account=account,
            family_name="林",
            name_key="林太郎",
            kana_key="ハヤシタロウ",
        ),
        value="+819012345678",
    )
    guest = {**HANAKO, "会員番号": ""}
    run(write(text_of({}, guest)), addresses_confirmed=True)
    member = Order.objects.get(number="KG-1001").customer
    assert member.identities.get(kind="email").verified
    assert member.claims.get(kind="phone").state == ClaimState.OPEN
    held.refresh_from_db()
    assert held.customer != member
    guests = Order.objects.get(number="KG-2").customer
    assert not guests.identities.exists()
    assert guests.claims.count() == 2
    entry = AuditEntry.objects.get(action="orders.imported")
    assert entry.after["addresses_confirmed"] is True
    assert entry.after["identities_confirmed"] == 1


def test_what_was_a_claim_is_proved_by_the_shop(write):
    run(write(text_of({})))
    run(write(text_of({"注文番号": "KG-2"})), addresses_confirmed=True)
    customer = Customer.objects.get()
    assert customer.identities.filter(verified=True).count() == 3
    assert set(customer.claims.values_list("state", flat=True)) == {ClaimState.PROVED}


def test_a_known_customers_empty_fields_are_filled_and_no_others(write, account):
    known = CustomerFactory(account=account, family_kana="", given_kana="", kana_key="")
    IdentityFactory(customer=known, kind=IdentityKind.SHOP, value="M-1")
    Customer.objects.filter(pk=known.pk).update(address="東京都港区9-9")
    run(write(text_of({})))
    known.refresh_from_db()
    assert (known.family_kana, known.given_kana) == ("ヤマダ", "タロウ")
    assert known.kana_key == "ヤマダタロウ"
    assert known.address == "東京都港区9-9"
    entry = AuditEntry.objects.get(action="customer.completed")
    assert entry.after == {"family_kana": "ヤマダ", "given_kana": "タロウ"}


def test_a_later_file_that_knows_more_fills_an_order_that_is_there(write):
    run(write(text_of({"フリガナ": "", "住所": ""})))
    path = write(text_of({}))
    run(path)
    customer = Customer.objects.get()
    assert (customer.kana, customer.address) == ("ヤマダ タロウ", "東京都渋谷区1-2-3")
    before = everything()
    run(path)
    run(write(text_of({"フリガナ": "", "住所": "", "氏名": ""})))
    assert everything() == before


def test_what_a_member_emptied_is_not_filled_again(write, agent, account):
    path = write(text_of({}))
    run(path)
    edit_customer(Customer.objects.get(), actor=agent.user, changes={"address": ""})
    run(path)
    assert Customer.objects.get().address == ""


@pytest.mark.parametrize(
    "other",
    [
        {"会員番号": "M-2"},
        {"会員番号": "", **HANAKO},
        {"会員番号": "", **HANAKO, "メールアドレス": ""},
    ],
    ids=["other member", "other mail and name", "other phone and name"],
)
def test_the_order_number_of_somebody_else_is_refused(write, other):
    first = text_of({"会員番号": other["会員番号"] and "M-1"})
    run(write(first))
    before = everything()
    path = write(text_of({**other, "注文番号": "KG-1001", "単価": "1"}))
    run(path)
    assert everything() == before
    [row] = rejected(path)
    assert "別の顧客" in row[1]


@pytest.mark.parametrize(
    "news",
    [
        {"メールアドレス": "new@example.jp"},
        {"氏名": "山本 太郎", "フリガナ": "ヤマモト タロウ"},
        {"会員番号": "", "氏名": "山本 太郎", "フリガナ": "", "電話番号": "03-1-2"},
        {"会員番号": "", "氏名": "山本 太郎", "フリガナ": "", "電話番号": "0311112222"},
    ],
    ids=["new mail", "married", "married, a broken number", "married, a new number"],
)
def test_the_same_person_may_have_a_new_mail_or_a_new_name(write, news):
    run(write(text_of({})))
    path = write(text_of({**news, "注文状況": "発送済"}))
    run(path)
    assert rejected(path) == []
    assert Order.objects.get().status == "shipped"
    assert Customer.objects.count() == 1
