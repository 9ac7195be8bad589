"""A visitor who states a mail address, and the mailbox that its owner writes to."""

import pytest

from conversations.models import Conversation
from customers.models import Claim
from tests.conversations.email.mailbox import Box
from tests.conversations.webchat import ChatVisitor

STATED = "hanako@example.jp"


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.say("注文の件で質問です")
    assert visitor.post("about/", {"email": STATED}).status_code == 200
    return visitor


@pytest.fixture
def claim(visitor) -> Claim:
    return Claim.objects.get()


@pytest.fixture
def box(box) -> Box:
    box.set(plus_addresses="yes")
    return box


@pytest.fixture
def http(agent, client_of):
    return client_of(agent)


def thread_of(claim: Claim) -> Conversation:
    return Conversation.objects.get(customer=claim.customer)
