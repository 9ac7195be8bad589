"""Whose orders they are: the customers behind the rows of a file."""

import pytest

from customers.choices import IdentityKind, StoreKind
from customers.models import (
    Claim,
    Customer,
    Order,
    Store,
)
from tests.customers.order_files import fresh, rejected, run, text_of
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.usefixtures("store")


def test_lines_of_one_order_may_lie_far_apart(write):
    between = [fresh(n) for n in range(1200)]
    path = write(text_of({}, *between, {"商品名": "靴下", "商品コード": "S"}))
    run(path)
    assert Order.objects.get(number="KG-1001").lines.count() == 2
    assert Order.objects.count() == 1201


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
    assert Claim.objects.filter(kind=IdentityKind.PHONE).count() == 2


def test_what_an_agent_corrected_is_not_undone_by_the_next_run(write):
    path = write(text_of({}))
    run(path)
    customer = Customer.objects.get()
    customer.claims.filter(kind=IdentityKind.PHONE).delete()
    Customer.objects.update(family_name="山本", name_key="山本太郎")
    run(path)
    assert not Claim.objects.exclude(kind=IdentityKind.EMAIL).exists()
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
