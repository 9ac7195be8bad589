"""Prepared queries: as those of Django in all but their cost."""

import threading

import pytest
from django.db import connection
from django.db.models import Q

from agentdesk.accounts.models import ClientAccount
from agentdesk.prepared import prepared, read_ahead
from customers.models import Customer
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


@prepared
def named(account_id: int, family_name: str):
    return Customer.objects.filter(
        account=account_id, family_name__startswith=family_name
    ).select_related("account")


@prepared
def of_pks(pks: list[int], is_newest_first: bool):
    rows = Customer.objects.filter(pk__in=pks)
    return rows.order_by("-pk" if is_newest_first else "pk")


def test_each_call_asks_for_its_own_arguments(account, django_assert_num_queries):
    sato = CustomerFactory(account=account, family_name="佐藤")
    CustomerFactory(account=account, family_name="鈴木")
    assert named(account.pk, "佐") == [sato]
    assert named(account.pk + 1, "佐") == []
    with django_assert_num_queries(1):
        assert named(account.pk, "佐")[0].account == account


def test_the_first_call_asks_once_too(account, django_assert_num_queries):
    customer = CustomerFactory(account=account)
    fresh = prepared(lambda pk: Customer.objects.filter(pk=pk))
    with django_assert_num_queries(1):
        assert fresh(customer.pk) == [customer]


def test_a_pattern_of_like_in_a_value_is_taken_by_its_letters(account):
    odd = CustomerFactory(account=account, family_name="100%_\\の人")
    CustomerFactory(account=account, family_name="1000の人")
    assert named(account.pk, "100%_\\") == [odd]
    assert named(account.pk, "100%") == [odd]


def test_sequences_of_any_length(account):
    rows = CustomerFactory.create_batch(3, account=account)
    pks = [row.pk for row in rows]
    assert of_pks(pks, False) == rows
    assert of_pks(pks[:2], True) == rows[1::-1]
    assert of_pks([], True) == []


def test_values_come_as_they_are_asked_for(account):
    customer = CustomerFactory(account=account)
    pairs = prepared(
        lambda pk: Customer.objects.filter(pk=pk).values_list("pk", "family_kana")
    )
    assert pairs(customer.pk) == [(customer.pk, customer.family_kana)]


def test_what_is_read_ahead_comes_in_one_round_trip(account, django_assert_num_queries):
    customer = CustomerFactory(account=account, family_name="佐藤")
    calls = (
        named.of(account.pk, "佐"),
        of_pks.of([customer.pk], False),
        of_pks.of([], True),
    )
    with django_assert_num_queries(1), read_ahead(*calls):
        assert named(account.pk, "佐") == [customer]
        assert of_pks([customer.pk], False) == [customer]
        assert of_pks([], True) == []
    with django_assert_num_queries(1), read_ahead():
        assert named(account.pk, "鈴") == []
    with django_assert_num_queries(1):
        assert named(account.pk, "佐") == [customer]


def test_an_argument_that_gets_lost_is_an_error(account):
    lost = prepared(lambda pk: Customer.objects.filter(Q(pk=5)))
    with pytest.raises(AssertionError, match="lost"):
        lost(account.pk)


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_on_its_own_connection():
    account = ClientAccount.objects.create(name="A", slug="a")
    customer = CustomerFactory(account=account, family_name="佐藤")
    assert named(account.pk, "佐藤") == [customer]
    found = []

    def ask() -> None:
        found.extend(named(account.pk, "佐藤"))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [customer]
