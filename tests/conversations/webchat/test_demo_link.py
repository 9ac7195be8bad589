"""The demo's shop links a customer of LINE with their account, as a real one does."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from conversations.adapters.simulation.wire import Request
from conversations.models import Conversation
from customers.choices import IdentityKind
from tests.conversations.linking import invite
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = [
    pytest.mark.urls("tests.demo_urls"),
    pytest.mark.django_db(transaction=True),
]


def test_from_the_button_to_the_shops_customer(line, account, agent, client):
    shopper = CustomerFactory(account=account)
    IdentityFactory(customer=shopper, kind=IdentityKind.SHOP, value="S-1")
    line.inbox.connection.settings = {"account_link_url": "/demo/kogane/line/"}
    line.inbox.connection.save()
    question = line.write("会員です")
    assert invite(agent, question.conversation).status_code == 201
    sign_in = line.objects()[-1]["template"]["actions"][0]["uri"]
    path = sign_in.partition("://")[2].partition("/")[2]
    assert "としてログイン" in client.get(f"/{path}").content.decode()
    back = client.post(f"/{path}", {"shopper": shopper.pk})
    [address] = re.findall(
        r'href="([^"]+/line/_accountLink[^"]+)"', back.content.decode()
    )
    query = dict(parse_qsl(urlsplit(unescape(address)).query))
    request = Request("GET", "/_accountLink", query, {}, b"")
    assert line.simulator.answer(request).status == 303
    assert line.simulator.answer(request).status == 400  # the token is good once
    line.write("連携しました")
    assert Conversation.objects.get(customer=shopper).preview == "連携しました"
