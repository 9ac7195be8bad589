"""An order is found by its number, however its shop writes it and somebody types it."""

import shutil
from pathlib import Path

import pytest
from django.db import connection

from customers.models import Order
from customers.models.order import OrderNumberKey
from customers.people.selectors.find import Match, find_customers
from tests.customers.order_files import run
from tests.factories.customers import OrderFactory

FILES = Path(__file__).parent.parent / "shop_files"


@pytest.mark.usefixtures("store")
def test_each_order_number_of_a_file_is_found_as_it_is_written(tmp_path, account):
    run(Path(shutil.copy(FILES / "ordnum.csv", tmp_path)))
    orders = list(Order.objects.select_related("customer"))
    assert len(orders) == 11
    for order in orders:
        found = find_customers([account], order.number)
        hits = [one.customer for one in found if one.match == Match.ORDER]
        assert hits == [order.customer], order.number


@pytest.mark.parametrize(
    "typed",
    ["ＫＧ７７０４", "kg7704", "KG-7704", "#KG 7704", "注文番号：kg7704", "kg77"],
)
@pytest.mark.django_db
def test_width_case_and_punctuation_make_no_difference(account, typed):
    order = OrderFactory(customer__account=account, number="ＫＧ７７０４")
    [found] = find_customers([account], typed)
    assert (found.customer, found.value) == (order.customer, "ＫＧ７７０４")


@pytest.mark.django_db
def test_the_search_reads_the_index(account):
    one = OrderFactory(customer__account=account)
    rows = OrderFactory.build_batch(3000, customer=one.customer, store=one.store)
    Order.objects.bulk_create(rows)
    orders = Order.objects.filter(account=account).alias(key=OrderNumberKey("number"))
    with connection.cursor() as cursor:
        cursor.execute("analyze customers_order")
    assert "order_number_key" in orders.filter(key__startswith="KG7704").explain()
