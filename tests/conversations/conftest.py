"""Who phones or writes, and what tells of it."""

from collections.abc import Iterator

import pytest

from customers.models import Customer
from tests.conversations.line import SimulatedLine, simulated_line
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.factories.customers import CustomerFactory, IdentityFactory


@pytest.fixture
def pbx(account, queue) -> Pbx:
    return Pbx(phone_inbox_of(account, queue))


@pytest.fixture
def caller(account) -> Customer:
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, value="+81312345678")
    return customer


@pytest.fixture
def line(account, queue, settings) -> Iterator[SimulatedLine]:
    with simulated_line(account, queue, settings) as simulated:
        yield simulated
