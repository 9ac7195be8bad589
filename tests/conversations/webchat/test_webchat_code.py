"""The pick-up code of a visitor, and how answers are marked delivered and read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from agentdesk import crypto as credentials
from conversations.calls.actions.redeem import redeem_code
from conversations.choices import DeliveryState
from conversations.exceptions import WrongCodeError
from conversations.models import Conversation, Message, PickupCode, Visitor
from conversations.replies.actions.reply import send_reply
from conversations.webchat.actions import pickup
from tests.conversations.webchat.chat import ChatVisitor


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    return visitor


def test_a_code_comes_with_the_number_and_is_kept_as_a_digest(visitor, account):
    answer = visitor.post("code/").json()
    assert len(answer["code"]) == 6
    assert answer["tel"] == account.phone_number
    assert answer["number"] == "03-5550-1000"
    assert answer["qr"]["path"].startswith("M")
    row = PickupCode.objects.get()
    assert row.digest == credentials.digest(f"{account.pk}:{answer['code']}")
    left = row.expires_at - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)


def test_a_new_code_spends_the_old_one(visitor, agent):
    old = visitor.post("code/").json()["code"]
    new = visitor.post("code/").json()["code"]
    with pytest.raises(WrongCodeError):
        redeem_code([agent], old)
    assert redeem_code([agent], new).conversation is not None


def test_the_code_opens_what_the_visitor_has_written(visitor, agent):
    visitor.send("先ほどの続きです")
    code = visitor.post("code/").json()["code"]
    assert redeem_code([agent], code).conversation == Conversation.objects.get()
    assert visitor.bodies() == ["先ほどの続きです"]


def test_a_code_in_use_is_not_given_out_again(visitor, webchat, monkeypatch):
    digits = iter([111111, 111111, 222222])
    monkeypatch.setattr(pickup.secrets, "randbelow", lambda _most: next(digits))
    other = ChatVisitor(webchat)
    other.begin()
    assert visitor.post("code/").json()["code"] == "111111"
    assert other.post("code/").json()["code"] == "222222"


def test_an_expired_code_may_be_given_out_again(visitor, webchat, monkeypatch):
    monkeypatch.setattr(pickup.secrets, "randbelow", lambda _most: 333333)
    visitor.post("code/")
    PickupCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    other = ChatVisitor(webchat)
    other.begin()
    assert other.post("code/").json()["code"] == "333333"


def test_a_shop_without_a_number_gives_no_code(visitor, account):
    account.phone_number = ""
    account.save()
    assert visitor.post("code/").status_code == 422
    assert not visitor.get("config/").json()["calls"]


def test_answers_are_marked_delivered_then_read(visitor, agent):
    visitor.send("こんにちは")
    reply = send_reply(
        Conversation.objects.get(), member=agent, body="はい", client_id=uuid4()
    )
    visitor.post("read/", {"upto": reply.pk, "seen": False})
    reply.refresh_from_db()
    assert reply.state == DeliveryState.DELIVERED
    visitor.post("read/", {"upto": reply.pk, "seen": True})
    reply.refresh_from_db()
    assert reply.state == DeliveryState.READ
    assert reply.read_at


def test_another_visitor_marks_nothing(visitor, webchat, agent):
    visitor.send("こんにちは")
    reply = send_reply(
        Conversation.objects.get(), member=agent, body="はい", client_id=uuid4()
    )
    other = ChatVisitor(webchat)
    other.begin()
    other.send("別人です")
    for upto in (reply.pk, "x", -1, 2**70, None):
        assert other.post("read/", {"upto": upto, "seen": True}).status_code == 200
    reply.refresh_from_db()
    assert reply.state == DeliveryState.SENT


def test_the_visitor_sees_that_a_member_has_read(visitor, agent, client_of):
    visitor.send("読みましたか")
    assert visitor.get("messages/").json()["seen"] == 0
    conversation = Conversation.objects.get()
    client_of(agent).post(f"/conversations/{conversation.pk}/read/")
    message = Message.objects.get(kind="text")
    assert visitor.get("messages/").json()["seen"] == message.pk
    assert Visitor.objects.get().customer == conversation.customer
