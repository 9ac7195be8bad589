"""Who phones, and what tells of it."""

import pytest

from customers.models import Customer
from tests.conversations.double import double, draft, filled_in
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.factories.customers import CustomerFactory, IdentityFactory

__all__ = ["double", "draft", "filled_in"]


@pytest.fixture
def pbx(account, queue) -> Pbx:
    return Pbx(phone_inbox_of(account, queue))


@pytest.fixture
def caller(account) -> Customer:
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, value="+81312345678")
    return customer
