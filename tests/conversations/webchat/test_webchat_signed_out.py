"""After a sign-out at the shop, nobody reads the thread by an earlier token."""

import time

import jwt
import pytest

from agentdesk import crypto as credentials
from conversations.models import Attachment, Message, PickupCode, Visitor
from customers.choices import IdentityKind
from tests.conversations.webchat.chat import ChatVisitor
from tests.conversations.webchat.test_webchat_files import picture, sent
from tests.factories.customers import CustomerFactory, IdentityFactory

SECRET = "a-secret-of-the-shop-of-some-length-0123456789"


def token(sub: str = "S-1001", **changes) -> str:
    now = int(time.time())
    claims = {"sub": sub, "name": "山田 太郎", "iat": now, "exp": now + 600} | changes
    return jwt.encode(claims, SECRET, algorithm="HS256")


@pytest.fixture
def webchat(webchat):
    webchat.webchat.identity_secret = credentials.seal(SECRET)
    webchat.webchat.save()
    return webchat


@pytest.fixture
def signed_in(webchat, account) -> ChatVisitor:
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, kind=IdentityKind.SHOP, value="S-1001")
    visitor = ChatVisitor(webchat)
    visitor.begin(identity=token())
    assert visitor.send("私の住所は…").status_code == 201
    assert visitor.upload(sent("写真.png", picture())).status_code == 201
    return visitor


def requests(visitor: ChatVisitor):
    key = Attachment.objects.get().key
    yield visitor.get("messages/")
    yield visitor.get("messages/?after=1")
    yield visitor.get(f"files/{key}/")
    yield visitor.send("なりすまし")
    yield visitor.upload(sent("別.png", picture()))
    yield visitor.post("code/")
    yield visitor.post("about/", {"name": "別人"})
    yield visitor.post("read/", {"upto": 1, "seen": True})


@pytest.mark.parametrize("following", [None, "S-2002"])
def test_an_earlier_token_opens_nothing_after_signing_out(
    webchat, signed_in, following
):
    old = ChatVisitor(webchat)
    old.token = signed_in.token
    assert [message["body"] for message in old.history()] == ["私の住所は…", ""]
    answer = signed_in.begin(identity=token(following) if following else None)
    assert answer["is_new"]
    assert answer["signed_out"]
    for response in requests(old):
        assert response.status_code == 401, response.request["PATH_INFO"]
        assert response.json()["error"]["code"] == "signed_out"
    assert Message.objects.filter(kind="text").count() == 2
    page = old.post("page/", {"url": "https://shop.example.jp/", "title": "x"})
    assert page.json() == {"noted": False}


def test_an_earlier_token_makes_nobody_that_person_again(webchat, signed_in):
    old = ChatVisitor(webchat)
    old.token = signed_in.token
    signed_in.begin()
    answer = old.begin(identity=token())
    assert answer["is_new"]
    assert answer["identity"] == "verified"
    assert old.token != signed_in.token
    assert Visitor.objects.filter(signed_out_at__isnull=False).count() == 1


def test_a_code_from_before_the_sign_out_is_spent(signed_in):
    signed_in.post("code/")
    assert PickupCode.objects.filter(spent_at__isnull=True).exists()
    signed_in.begin()
    assert not PickupCode.objects.filter(spent_at__isnull=True).exists()


def test_the_next_of_the_same_browser_writes_as_somebody_else(signed_in):
    first = Message.objects.earliest("pk").conversation
    signed_in.begin()
    assert signed_in.send("ゲストです").status_code == 201
    assert Message.objects.get(body="ゲストです").conversation != first


def test_another_browser_of_that_customer_stays_signed_in(webchat, signed_in):
    phone = ChatVisitor(webchat)
    phone.begin(identity=token())
    signed_in.begin()
    assert len(phone.history()) == 2


def test_going_on_as_the_same_visitor_keeps_the_token(webchat, signed_in):
    before = signed_in.token
    assert signed_in.begin(identity=token())["token"] == before
    anonymous = ChatVisitor(webchat)
    stored = anonymous.begin()["token"]
    assert anonymous.begin()["token"] == stored
