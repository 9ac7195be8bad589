"""Visitors state an address while its owner's mail arrives: one owner, and all are marked."""

import pytest

from conversations.choices import ThreadEvent
from conversations.models import Message
from customers.models import Claim, Identity
from tests.conversations.at_once import at_once
from tests.conversations.providers.email import PROVIDER, posted, raw_mail
from tests.conversations.webchat.chat import ChatVisitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(account, queue):
    return PROVIDER.connected(account, queue)


def test_two_visitors_and_the_real_sender_at_once(webchat, mailbox):
    for number in range(4):
        address = f"hanako{number}@example.jp"
        both = [ChatVisitor(webchat), ChatVisitor(webchat)]
        for visitor in both:
            visitor.begin()
            visitor.send("質問です")
        about = {"email": address}
        mail = posted(raw_mail("本人です", sender=address))
        at_once(
            lambda v=both[0], a=about: v.post("about/", a),
            lambda v=both[1], a=about: v.post("about/", a),
            lambda m=mail: PROVIDER.post(mailbox, m),
        )
        real = Message.objects.filter(inbox=mailbox, kind="text").latest("pk")
        assert Identity.objects.get(value=address).customer_id == (
            real.conversation.customer_id
        )
        claims = Claim.objects.filter(value=address)
        assert claims.count() == 2
        checked = real.conversation.messages.filter(event=ThreadEvent.TO_CHECK)
        claimants = {claim.customer.conversation.pk for claim in claims}
        assert {line.data["after"]["conversation"] for line in checked} == claimants
        for claim in claims:
            lines = claim.customer.conversation.messages
            assert lines.filter(event=ThreadEvent.TO_CHECK).count() == 1
        assert all(visitor.bodies() == ["質問です"] for visitor in both)


def test_the_same_statement_twice_at_once_is_one_claim(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("質問です")
    for number in range(3):
        about = {"email": f"taro{number}@example.jp"}
        answers = at_once(*(lambda a=about: visitor.post("about/", a) for _ in "ab"))
        assert {answer.status_code for answer in answers} == {200}
    assert Claim.objects.count() == 3
