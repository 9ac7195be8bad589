"""What a visitor writes arrives once, in their conversation, and comes back to them."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection

from conversations.models import Conversation, Inquiry, Message, Visitor
from conversations.replies.actions.note import add_note
from conversations.replies.actions.reply import send_reply
from customers.models import Customer
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.conversations import WebChatFactory


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    return visitor


def test_a_session_alone_makes_no_row(visitor):
    visitor.begin(url="https://shop.example.jp/", title="トップ")
    assert not Visitor.objects.exists()
    assert not Customer.objects.exists()


def test_a_message_is_acknowledged_once_it_is_stored(visitor):
    response = visitor.send("サイズ交換をお願いします")
    assert response.status_code == 201
    stored = Message.objects.get(pk=response.json()["message"]["id"])
    assert stored.body == "サイズ交換をお願いします"
    assert stored.conversation.customer == Visitor.objects.get().customer


def test_a_message_sent_again_is_stored_once(visitor):
    client_id = str(uuid4())
    first, again = (
        visitor.send("一度だけ", client_id),
        visitor.send("一度だけ", client_id),
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["message"]["id"] == again.json()["message"]["id"]
    assert visitor.bodies() == ["一度だけ"]


@pytest.mark.django_db(transaction=True)
def test_24_racing_first_messages_are_one_customer_with_24_messages(webchat):
    token = ChatVisitor(webchat).begin()["token"]

    def first_message(number: int) -> int:
        visitor = ChatVisitor(webchat)
        visitor.token = token
        try:
            return visitor.send(f"{number}通目").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as pool:
        statuses = list(pool.map(first_message, range(24)))
    assert statuses == [201] * 24
    assert Customer.objects.count() == 1
    assert Conversation.objects.count() == 1
    assert Inquiry.objects.count() == 1
    assert Message.objects.filter(kind="text").count() == 24


def test_the_visitor_comes_back_and_sees_what_was_said(webchat, visitor, agent):
    visitor.send("在庫はありますか")
    send_reply(
        Conversation.objects.get(), member=agent, body="ございます", client_id=uuid4()
    )
    later = ChatVisitor(webchat)
    later.token = visitor.token
    history = later.begin()["history"]["messages"]
    assert [(m["mine"], m["body"], m["author"]) for m in history] == [
        (True, "在庫はありますか", ""),
        (False, "ございます", "佐藤"),
    ]


def test_notes_and_records_never_reach_the_visitor(visitor, agent):
    visitor.send("こんにちは")
    conversation = Conversation.objects.get()
    add_note(conversation, member=agent, body="要注意のお客様", client_id=uuid4())
    assert visitor.bodies() == ["こんにちは"]


def test_history_pages_backwards(visitor):
    for batch in range(2):
        for number in range(20):
            assert visitor.send(f"{batch}-{number}").status_code == 201
        cache.clear()  # and with it the limits
    newest = visitor.get("messages/").json()
    assert len(newest["messages"]) == 30
    assert newest["more"]
    first = newest["messages"][0]["id"]
    older = visitor.get(f"messages/?before={first}").json()
    assert [m["body"] for m in older["messages"]] == [f"0-{n}" for n in range(10)]
    assert not older["more"]
    last = newest["messages"][-2]["id"]
    assert [
        m["body"] for m in visitor.get(f"messages/?after={last}").json()["messages"]
    ] == ["1-19"]


def test_another_visitors_token_reads_nothing_of_this_one(webchat, visitor):
    visitor.send("内緒の話")
    other = ChatVisitor(webchat)
    other.begin()
    assert other.history() == []


def test_a_token_of_another_chat_is_refused(visitor, other_account):
    foreign = ChatVisitor(WebChatFactory(inbox__account=other_account).inbox)
    foreign.token = visitor.token
    assert foreign.send("こんにちは").status_code == 401
    assert foreign.get("messages/").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "x" * 5000, "\u3042"])
def test_a_made_up_token_is_refused(webchat, token):
    visitor = ChatVisitor(webchat)
    visitor.token = token.encode("ascii", "ignore").decode() or "?"
    assert visitor.send("こんにちは").status_code == 401


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("a\x00b", "ab"),
        ("\ud83dかけら", "\ufffdかけら"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        ("一行目\r\n二行目", "一行目\n二行目"),
    ],
)
def test_hostile_text_is_stored_as_harmless_text(visitor, body, stored):
    assert visitor.send(body).status_code == 201
    assert visitor.bodies() == [stored]


def test_a_card_number_is_cut_out(visitor):
    visitor.send("カードは4111 1111 1111 1111です")
    assert visitor.bodies() == ["カードは•••• •••• •••• 1111です"]


def test_a_paste_of_10000_lines_is_refused_with_a_sentence(visitor):
    response = visitor.send("ながい行\n" * 10_000)
    assert response.status_code == 422
    assert "20000" in response.json()["error"]["text"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *["", "   ", "\n\n", None, 5, ["a"]],
        *["\u200b\u200d", "\u3164", "\u2800 \u2800", "\U000e0041", "\ufe0f", "\u202e"],
    ],
)
def test_an_empty_message_is_refused(visitor, body):
    response = visitor.send(body)
    assert response.status_code == 422
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", "[" * 20000, '"x"'])
def test_what_is_no_json_object_is_refused(visitor, raw):
    response = visitor.client.post(
        f"/chat/{visitor.inbox.key}/messages/",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Visitor {visitor.token}"},
    )
    assert response.status_code == 400
    assert response.json()["error"]["text"]


def test_a_message_without_a_proper_id_is_refused(visitor):
    assert visitor.send("こんにちは", "not-a-uuid").status_code == 422


def test_an_unknown_chat_is_404_everywhere(visitor):
    visitor.inbox.key = "nobodyhasthiskey"
    visitor.token = ""
    assert visitor.post("session/").status_code == 404
    assert visitor.get("config/").status_code == 404
    assert visitor.client.get("/chat/nobodyhasthiskey.js").status_code == 404
