"""What a ringing call says of who calls, before anybody answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.choices import OrderStatus
from tests.factories.customers import CustomerFactory, IdentityFactory, OrderFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)


def rings(desk) -> str:
    return desk.get("/calls/strip/rings/").content.decode()


def test_it_says_what_is_open_what_was_said_last_and_what_is_on_its_way(
    desk, pbx, caller, webchat
):
    message = receive_message(
        caller, inbox=webchat, channel="webchat", body="丈が長すぎます"
    ).message
    for number, status in (
        ("K-1", OrderStatus.SHIPPED),
        ("K-2", OrderStatus.PREPARING),
        ("K-3", OrderStatus.DELIVERED),
    ):
        OrderFactory(customer=caller, number=number, status=status)
    pbx.ring()
    html = rings(desk)
    for words in (
        "山田 太郎",
        "03-1234-5678",
        message.inquiry.reference,
        "丈が長すぎます",
    ):
        assert words in html
    assert "K-1" in html
    assert "K-2" in html
    assert "K-3" not in html


def test_an_order_that_its_shop_never_called_delivered_is_not_on_its_way_for_ever(
    desk, pbx, caller
):
    placed = timezone.now() - timedelta(days=90)
    OrderFactory(
        customer=caller, number="OLD-1", status=OrderStatus.SHIPPED, placed_at=placed
    )
    pbx.ring()
    assert "OLD-1" not in rings(desk)


def test_what_rings_costs_the_same_queries_for_one_as_for_five(
    desk, pbx, caller, account, warm_process
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            rings(desk)
        return len(found)

    desk.get("/desk/")
    silent = queries()
    pbx.ring()
    one = queries()
    assert one <= silent + 2
    for turn in range(4):
        number = f"031234000{turn}"
        known = CustomerFactory(account=account)
        IdentityFactory(customer=known, value=f"+81{number[1:]}")
        OrderFactory(customer=known, number=f"N-{turn}", status=OrderStatus.SHIPPED)
        pbx.ring(**{"from": number})
    assert rings(desk).count("data-ring=") == 5
    assert queries() == one
