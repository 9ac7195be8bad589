"""A visitor who states a mail address, and the mailbox that its owner writes to."""

import pytest

from customers.models import Claim
from tests.conversations.adapters.email.conftest import esp
from tests.conversations.adapters.email.mailbox import Box
from tests.conversations.adapters.email.mailbox import box as plain_box
from tests.conversations.inbound.stated.words import STATED
from tests.conversations.webchat.chat import ChatVisitor

__all__ = ["esp", "plain_box"]


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("注文の件で質問です")
    assert visitor.post("about/", {"email": STATED}).status_code == 200
    return visitor


@pytest.fixture
def claim(visitor) -> Claim:
    return Claim.objects.get()


@pytest.fixture
def box(plain_box) -> Box:
    plain_box.set(plus_addresses="yes")
    return plain_box


@pytest.fixture
def http(agent, client_of):
    return client_of(agent)
