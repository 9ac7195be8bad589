"""A shop of the account, and files for it."""

import pytest

from customers.models import (
    Store,
)
from tests.factories.customers import StoreFactory


@pytest.fixture
def store(account) -> Store:
    return StoreFactory(account=account, code="EC", name="公式通販")


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, encoding: str = "utf-8", name="orders.csv"):
        path = tmp_path / name
        path.write_bytes(
            content.encode(encoding) if isinstance(content, str) else content
        )
        return path

    return write
