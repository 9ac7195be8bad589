"""Several statements that travel together."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agentdesk.bulk_update import insert_statement, next_keys, update_statement
from agentdesk.round_trip import execute_together
from customers.models import Customer, Identity
from tests.factories.customers import CustomerFactory


@pytest.mark.django_db
def test_each_answers_for_itself_in_their_order():
    with CaptureQueriesContext(connection) as sent:
        found = execute_together(
            [("select %s::int", [1]), ("select 2 where false", []), ("select 3, 4", [])]
        )
    assert found == [[(1,)], [], [(3, 4)]]
    assert len(sent) == 1
    assert execute_together([]) == []


@pytest.mark.django_db
def test_rows_are_written_as_django_would_and_seen_by_what_follows():
    customer = CustomerFactory(attributes={"靴": ["24.5", None, {"\\": "\"'"}]})
    [[(key,)]] = execute_together([next_keys(Customer, 1)])
    new = Customer(
        pk=key,
        account=customer.account,
        display_name="山田 %s {} ; drop",
        attributes=customer.attributes,
    )
    customer.display_name = "佐藤"
    _insert, _update, rows = execute_together(
        [
            insert_statement([new]),
            update_statement([customer], ("display_name",)),
            (
                "select display_name from customers_customer where id = any(%s) "
                "order by id",
                [[customer.pk, key]],
            ),
        ]
    )
    assert rows == [("佐藤",), ("山田 %s {} ; drop",)]
    stored = Customer.objects.get(pk=key)
    assert stored.attributes == customer.attributes
    assert stored.created_at is not None
    assert not Identity.objects.filter(customer=stored).exists()
