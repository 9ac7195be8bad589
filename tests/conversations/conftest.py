"""Who phones or writes, and what tells of it."""

from collections.abc import Iterator

import pytest

from conversations.adapters.x.simulator.people import XSimulator
from conversations.simulators.server import served
from customers.models import Customer
from tests.conversations.double import double, draft, filled_in
from tests.conversations.line import SimulatedLine, simulated_line
from tests.conversations.linking import make_linkable
from tests.conversations.phone import Pbx, phone_inbox_of
from tests.conversations.providers.x import PROVIDER as X
from tests.conversations.x import fresh
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


@pytest.fixture
def x_inbox(account, queue, settings, live_server):
    settings.PUBLIC_URL, settings.LOCAL_URL = "", live_server.url
    return X.connected(account, queue, api=True)


@pytest.fixture
def x(x_inbox, settings) -> Iterator[XSimulator]:
    """X itself, as it is simulated."""
    simulator = XSimulator(lambda: [fresh(x_inbox)])
    with served({"x": simulator}) as address:
        settings.SIMULATOR_URL = address
        yield simulator


@pytest.fixture
def line(account, queue, settings) -> Iterator[SimulatedLine]:
    with simulated_line(account, queue, settings) as simulated:
        yield simulated


@pytest.fixture
def linkable(line) -> SimulatedLine:
    make_linkable(line.inbox)
    return line
