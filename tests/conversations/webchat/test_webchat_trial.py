"""A web chat in test: testers alone reach it, and nobody else ever sees what they write."""

import re
import time

import jwt
import pytest
from django.test import Client

from agentdesk import crypto as credentials
from conversations.choices import InboxState
from conversations.models import Conversation, Inbox, Inquiry, Message
from customers.models import Customer, Identity
from tests.conversations.simulated import reply
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a-secret-of-the-shop-of-some-length-0123456789"


def set_to(desk, inbox, state):
    url = f"/settings/{inbox.account.slug}/inboxes/{inbox.pk}/state/"
    return desk.post(url, {"state": state})


@pytest.fixture
def desk(admin, client_of) -> Client:
    return client_of(admin)


@pytest.fixture
def tested(webchat, desk) -> Inbox:
    assert set_to(desk, webchat, "test").status_code == 200
    webchat.refresh_from_db()
    assert webchat.state == InboxState.TEST
    return webchat


class TrialVisitor(ChatVisitor):
    """Whoever has the test page open: the chat there has a key of its own."""

    def __init__(self, inbox, desk):
        super().__init__(inbox)
        page = desk.get(f"/chat/{inbox.key}/try/").content.decode()
        self.inbox = Inbox(key=re.search(r"/chat/([\w-]+)\.js", page)[1])


@pytest.fixture
def tester(tested, desk) -> TrialVisitor:
    tester = TrialVisitor(tested, desk)
    tester.begin()
    return tester


def test_the_chat_on_the_site_is_gone_while_it_is_tested(tested, webchat, client, desk):
    assert client.get(f"/chat/{webchat.key}.js").status_code == 404
    assert ChatVisitor(webchat).post("session/").status_code == 404
    set_to(desk, webchat, "live")
    assert client.get(f"/chat/{webchat.key}.js").status_code == 200


def test_a_tester_is_no_customer_and_nobody_else_sees_the_test(
    tester, agent, supervisor, admin, client_of
):
    assert tester.send("テストです").status_code == 201
    conversation = Conversation.objects.get()
    assert conversation.customer.is_test
    assert Inquiry.objects.get().is_test
    for member, status in ((agent, 404), (supervisor, 404), (admin, 200)):
        http = client_of(member)
        for page in ("/desk/?view=all", "/desk/?view=unassigned", "/customers/"):
            shown = http.get(page).content.decode()
            assert f"/conversations/{conversation.pk}/" not in shown, page
        page = f"/conversations/{conversation.pk}/"
        assert http.get(page).status_code == status


def test_the_test_is_shown_on_its_page_and_answered_in_the_chat(
    tester, tested, desk, admin
):
    page = f"/settings/{tested.account.slug}/webchats/{tested.pk}/"
    shown = desk.get(page).content.decode()
    assert f"/chat/{tested.key}/try/" in shown
    waiting = re.search(r'hx-get="([^"]*/sandbox/[^"]*)"', shown)[1]
    assert desk.get(waiting).status_code == 204
    tester.send("テストです")
    conversation = Conversation.objects.get()
    assert f"/conversations/{conversation.pk}/" in desk.get(waiting).content.decode()
    assert reply(admin, conversation, "届きました").status_code == 201
    assert tester.bodies() == ["テストです", "届きました"]


def test_what_a_tester_says_of_themselves_is_no_customers_address(tester):
    tester.post("about/", {"name": "試す人", "email": "taro@example.jp"})
    tester.send("テストです")
    assert not Identity.objects.filter(kind="email").exists()
    assert tester.get("config/").json()["calls"] is False


def test_a_tester_signed_in_at_the_shop_is_not_its_customer(tested, account, desk):
    known = CustomerFactory(account=account)
    IdentityFactory(customer=known, kind="shop", value="S-1001")
    tested.webchat.identity_secret = credentials.seal(SECRET)
    tested.webchat.save()
    now = int(time.time())
    signed = jwt.encode({"sub": "S-1001", "iat": now, "exp": now + 600}, SECRET)
    tester = TrialVisitor(tested, desk)
    assert tester.begin(identity=signed)["identity"] == "none"
    tester.send("テストです")
    assert Message.objects.get(kind="text").conversation.customer != known


def test_the_testers_door_is_shut_once_it_is_live(tester, tested, desk, webchat):
    tester.send("テストです")
    set_to(desk, tested, "live")
    assert tester.send("まだ試す").status_code == 404
    visitor = ChatVisitor(webchat)
    visitor.token = tester.token
    assert visitor.send("本番に").status_code == 401
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("本番です")
    assert Customer.objects.filter(is_test=False).count() == 1


@pytest.mark.parametrize("proof", ["", "-try-", "-try-AAAA"])
def test_without_our_signature_there_is_no_test_page(tested, proof):
    visitor = ChatVisitor(Inbox(key=f"{tested.key}{proof}"))
    assert visitor.post("session/").status_code == 404


def test_the_test_page_is_the_admins(tested, agent, stranger, client_of, client):
    for page in ("try", "preview"):
        path = f"/chat/{tested.key}/{page}/"
        assert client_of(agent).get(path).status_code == 403
        assert client_of(stranger).get(path).status_code == 404
        assert client.get(path).status_code == 302


def test_a_real_visitor_cannot_be_answered_while_it_is_tested(
    webchat, desk, agent, admin
):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("質問です")
    set_to(desk, webchat, "test")
    assert reply(agent, Conversation.objects.get()).status_code == 422
