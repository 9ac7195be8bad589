"""A shop says who its visitor is, with a signed token; nobody else can."""

import hmac
import time
from uuid import uuid4

import jwt
import pytest

from agentdesk import crypto as credentials
from conversations.choices import ThreadEvent
from conversations.models import Conversation, Inquiry, Message, Visitor
from conversations.replies.actions.reply import send_reply
from customers.choices import IdentityKind
from customers.models import Cart, Customer, Identity
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.customers import CustomerFactory, IdentityFactory

SECRET = "a-secret-of-the-shop-long-enough-for-any-algorithm-0123456789-0123456789"


@pytest.fixture
def webchat(webchat):
    webchat.webchat.identity_secret = credentials.seal(SECRET)
    webchat.webchat.save()
    return webchat


@pytest.fixture
def member(account):
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, kind=IdentityKind.SHOP, value="S-1001")
    return customer


def token(secret=SECRET, algorithm="HS256", **changes):
    now = int(time.time())
    claims = {"sub": "S-1001", "name": "山田 太郎", "iat": now, "exp": now + 600}
    claims |= changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm)


def test_a_signed_visitor_writes_in_the_customers_conversation(webchat, member):
    visitor = ChatVisitor(webchat)
    assert visitor.begin(identity=token())["identity"] == "verified"
    visitor.send("注文の件です")
    assert Message.objects.get(kind="text").conversation.customer == member
    assert Customer.objects.count() == 1


def test_a_shop_id_nobody_has_yet_makes_its_customer_at_the_first_message(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin(
        identity=token(sub="S-9", kana="ヤマダ タロウ", email="taro@example.jp")
    )
    assert not Customer.objects.exists()
    visitor.send("はじめまして")
    customer = Customer.objects.get()
    assert (customer.family_name, customer.given_kana) == ("山田", "タロウ")
    assert set(customer.identities.values_list("kind", "value", "verified")) == {
        ("shop", "S-9", True),
        ("email", "taro@example.jp", True),
    }


def _b64(text: str) -> str:
    return jwt.utils.base64url_encode(text.encode()).decode()


_NO_ALGORITHM = _b64('{"alg":"none","typ":"JWT"}')
FORGED = {
    "another secret": lambda: token(secret="x" * 40),
    "another algorithm": lambda: token(algorithm="HS512"),
    "no signature": lambda: ".".join([_NO_ALGORITHM, token().split(".")[1], ""]),
    "changed claims": lambda: ".".join(
        [token().split(".")[0], token(sub="S-2").split(".")[1], token().split(".")[2]]
    ),
    "expired": lambda: token(iat=int(time.time()) - 900, exp=int(time.time()) - 300),
    "no end": lambda: token(exp=None),
    "no beginning": lambda: token(iat=None),
    "too long a life": lambda: token(exp=int(time.time()) + 90_000),
    "no shop id": lambda: token(sub=None),
    "an empty shop id": lambda: token(sub=" "),
    "a NUL": lambda: token(sub="S-\x001"),
    "a cart of the wrong kind": lambda: token(
        cart=[{"name": "シャツ", "quantity": -1}]
    ),
    "no token": lambda: "abc",
    "a huge token": lambda: token(name="あ" * 20_000),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_bad_token_is_refused_and_the_chat_goes_on_anonymous(webchat, member, forge):
    visitor = ChatVisitor(webchat)
    assert visitor.begin(identity=forge())["identity"] == "refused"
    assert visitor.send("こんにちは").status_code == 201
    assert Message.objects.get(kind="text").conversation.customer != member


def test_without_a_secret_no_token_is_good(webchat, member):
    webchat.webchat.identity_secret = ""
    webchat.webchat.save()
    visitor = ChatVisitor(webchat)
    words = token().rpartition(".")[0]
    keyless = hmac.digest(b"", words.encode(), "sha256")
    by_an_empty_secret = f"{words}.{jwt.utils.base64url_encode(keyless).decode()}"
    for forged in (token(), by_an_empty_secret):
        assert visitor.begin(identity=forged)["identity"] == "refused"


def test_signing_in_gives_an_unknown_customer_their_shop_id(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("質問です")
    customer = Customer.objects.get()
    visitor.begin(identity=token(sub="S-7"))
    assert Identity.objects.get(kind="shop", value="S-7").customer == customer
    assert customer.conversation.messages.filter(event=ThreadEvent.IDENTIFIED).exists()
    assert visitor.bodies() == ["質問です"]


def test_signing_in_as_a_known_customer_takes_the_open_inquiry_along(
    webchat, member, agent
):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("匿名の質問")
    earlier = Conversation.objects.get()
    send_reply(earlier, member=agent, body="承ります", client_id=uuid4())
    visitor.begin(identity=token())
    (inquiry,) = Inquiry.objects.open()
    assert (inquiry.conversation, inquiry.owner) == (member.conversation, agent)
    visitor.send("ログインしました")
    assert Message.objects.get(body="ログインしました").inquiry == inquiry


def test_signing_in_as_a_known_customer_moves_no_row_and_loses_no_answer(
    webchat, member, agent
):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("匿名の質問")
    earlier = Conversation.objects.get()
    visitor.begin(identity=token())
    visitor.send("ログインしました")
    later = member.conversation
    assert Message.objects.get(body="匿名の質問").conversation == earlier
    assert Message.objects.get(body="ログインしました").conversation == later
    lines = Message.objects.filter(event=ThreadEvent.IDENTIFIED)
    assert {m.conversation_id: m.data["after"]["conversation"] for m in lines} == {
        later.pk: earlier.pk,
        earlier.pk: later.pk,
    }
    send_reply(earlier, member=agent, body="先のご質問の件", client_id=uuid4())
    assert visitor.bodies() == ["匿名の質問", "ログインしました", "先のご質問の件"]


def test_a_message_resent_after_signing_in_is_still_stored_once(webchat, member):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    client_id = str(uuid4())
    visitor.send("届いたか不明", client_id)
    visitor.begin(identity=token())
    assert visitor.send("届いたか不明", client_id).status_code == 200
    assert Message.objects.filter(kind="text").count() == 1


@pytest.mark.parametrize("next_identity", [None, "S-2002"])
def test_after_signing_out_the_next_person_reads_nothing(
    webchat, member, next_identity
):
    visitor = ChatVisitor(webchat)
    visitor.begin(identity=token())
    visitor.send("私の住所は…")
    answer = visitor.begin(identity=token(sub=next_identity) if next_identity else None)
    assert answer["is_new"]
    assert answer["history"]["messages"] == []


def test_signing_in_again_elsewhere_shows_the_history(webchat, member):
    first = ChatVisitor(webchat)
    first.begin(identity=token())
    first.send("PCから")
    phone = ChatVisitor(webchat)
    answer = phone.begin(identity=token())
    assert [m["body"] for m in answer["history"]["messages"]] == ["PCから"]


CART = [
    {"sku": "K-1", "name": "リネンシャツ", "quantity": 2, "unit_price": 12800},
    {"name": "ギフト包装", "quantity": 1, "unit_price": 330},
]


def test_the_cart_comes_with_the_token_and_follows_it(webchat, member):
    visitor = ChatVisitor(webchat)
    visitor.begin(identity=token(cart=CART))
    lines = Cart.objects.get(customer=member).lines
    assert list(lines.values_list("name", "quantity")) == [
        ("リネンシャツ", 2),
        ("ギフト包装", 1),
    ]
    visitor.begin(identity=token(cart=[]))
    assert not lines.exists()
    visitor.begin(identity=token())
    assert Cart.objects.filter(customer=member).exists()


def test_what_a_visitor_states_never_merges_two_people(webchat, member, account):
    IdentityFactory(customer=member, kind=IdentityKind.EMAIL, value="taro@example.jp")
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("こんにちは")
    visitor.post(
        "about/",
        {"name": "山田 太郎", "email": "TARO@example.jp", "phone": "０９０-1111-2222"},
    )
    own = Visitor.objects.get()
    assert own.customer != member
    assert own.stated["email"] == "TARO@example.jp"
    assert not own.customer.identities.exclude(kind="web").exists()
    assert set(own.customer.claims.values_list("kind", "value")) == {
        ("phone", "+819011112222"),
        ("email", "taro@example.jp"),
    }


@pytest.mark.parametrize("fields", [{"email": "not an address"}, {"phone": "12"}])
def test_an_address_that_cannot_be_one_is_refused(webchat, fields):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    assert visitor.post("about/", fields).status_code == 422
    assert not Visitor.objects.exists()
