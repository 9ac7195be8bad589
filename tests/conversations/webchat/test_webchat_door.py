"""Who is let in at the chat's endpoints: origins, limits, sizes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from conversations.models import Message, Visitor
from conversations.webchat import limits
from conversations.webchat.limits import Limit, retry_after
from conversations.webchat.selectors.webchat import embed_line
from tests.conversations.webchat.chat import SHOP, ChatVisitor


@pytest.fixture
def shop(webchat):
    webchat.webchat.allowed_origins = [SHOP]
    webchat.webchat.save()
    return ChatVisitor(webchat, origin=SHOP)


def preflight(visitor: ChatVisitor, path: str, origin: str):
    return visitor.client.options(
        f"/chat/{visitor.inbox.key}/{path}",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


def test_an_allowed_site_may_read_the_answers_and_no_cookie_is_set(shop):
    shop.begin()
    response = shop.send("こんにちは")
    assert response.status_code == 201
    assert response["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in response
    assert not response.cookies
    preflighted = preflight(shop, "messages/", SHOP)
    assert preflighted.status_code == 204
    assert preflighted["Access-Control-Allow-Origin"] == SHOP
    assert "Authorization" in preflighted["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.com",
        "https://shop.example.jp.evil.com",
        "http://shop.example.jp",
        "null",
    ],
)
def test_another_site_is_refused_and_cannot_read_why(shop, origin):
    shop.begin()
    stranger = ChatVisitor(shop.inbox, origin=origin)
    stranger.token = shop.token
    for response in (
        stranger.send("こんにちは"),
        stranger.get("messages/"),
        stranger.get("config/"),
        preflight(stranger, "messages/", origin),
    ):
        assert response.status_code == 403
        assert "Access-Control-Allow-Origin" not in response
    assert not Message.objects.exists()


def test_a_page_of_no_site_is_let_in_where_it_is_allowed(shop):
    chat = shop.inbox.webchat
    chat.allow_null_origin = True
    chat.save()
    app = ChatVisitor(shop.inbox, origin="null")
    app.begin()
    response = app.send("アプリから")
    assert response.status_code == 201
    assert response["Access-Control-Allow-Origin"] == "null"
    assert preflight(app, "messages/", "null").status_code == 204


def test_our_own_pages_may_always_carry_the_chat(webchat):
    ours = ChatVisitor(webchat, origin="http://testserver")
    ours.begin()
    assert ours.send("こんにちは").status_code == 201


def test_the_line_to_paste_loads_a_script_that_knows_its_chat(webchat, client):
    with override_settings(PUBLIC_URL="https://desk.example.jp"):
        line = embed_line(webchat)
    address = f"/chat/{webchat.key}.js"
    assert line == f'<script src="https://desk.example.jp{address}" async></script>'
    response = client.get(address)
    assert response["Content-Type"].startswith("text/javascript")
    assert "import(" in response.content.decode()
    assert not response.cookies


def test_an_inactive_chat_is_gone(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    webchat.state = "stopped"
    webchat.save()
    assert visitor.send("こんにちは").status_code == 404


@pytest.fixture
def _one_window() -> Iterator[None]:
    """On a slow machine the windows would turn while a flood is still coming in."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("_one_window")
def test_a_flood_of_one_visitor_is_told_when_it_goes_on(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    answers = [visitor.send(f"{n}") for n in range(limits.VISITOR_MESSAGES.amount + 5)]
    stored = [a for a in answers if a.status_code == 201]
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) == 5
    assert len(stored) + len(refused) == len(answers)
    assert 1 <= int(refused[-1]["Retry-After"]) <= 10
    assert refused[-1].json()["error"]["text"]
    assert Message.objects.filter(kind="text").count() == len(stored)


def test_what_is_over_a_limit_costs_no_query(
    webchat, monkeypatch, django_assert_num_queries
):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    monkeypatch.setattr("conversations.webchat.limits.longest_wait", lambda counted: 7)
    with django_assert_num_queries(0):
        response = visitor.send("こんにちは")
    assert (response.status_code, response["Retry-After"]) == (429, "7")


@pytest.mark.usefixtures("_one_window")
def test_new_visitor_ids_are_limited_by_address_and_make_no_rows(webchat):
    amount = limits.ADDRESS_VISITORS.amount
    answers = [
        ChatVisitor(webchat, address="203.0.113.9").post("session/").status_code
        for _number in range(amount + 30)
    ]
    assert set(answers) == {200, 429}
    assert ChatVisitor(webchat, address="203.0.113.10").begin()["token"]
    assert not Visitor.objects.exists()


def test_all_addresses_of_an_ipv6_customer_are_counted_as_one(webchat, monkeypatch):
    few = Limit("address-requests", 3, 3600)
    monkeypatch.setattr("conversations.webchat.views.embed.ADDRESS_REQUESTS", few)
    script = f"/chat/{webchat.key}.js"
    answers = [
        Client().get(script, REMOTE_ADDR=f"2001:db8:1:2::{host}").status_code
        for host in range(1, 6)
    ]
    assert answers == [200, 200, 200, 429, 429]
    assert Client().get(script, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_a_body_too_large_is_refused_before_it_is_read(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    response = visitor.send("あ" * 200_000)
    assert response.status_code == 413
    assert response.json()["error"]["text"]


def test_while_valkey_is_away_limits_hold_in_the_process():
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        limit = Limit("test", 3, 3600)
        answers = [retry_after(limit, "someone") for _number in range(5)]
    assert answers[:3] == [0, 0, 0]
    assert all(0 < seconds <= 3600 for seconds in answers[3:])


@pytest.mark.django_db(transaction=True)
def test_racing_floods_are_counted_exactly(webchat):
    def count(_number: int) -> int:
        try:
            return retry_after(Limit("race", 10, 3600), "one")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(count, range(40)))
    assert answers.count(0) == 10


def test_words_come_in_the_language_of_the_page(webchat):
    visitor = ChatVisitor(webchat)
    assert visitor.get("config/").json()["words"]["send"] == "送信"
    assert visitor.get("config/?l=en").json()["words"]["send"] == "Send"


def test_a_wrong_method_is_405(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    assert visitor.get("session/").status_code == 405
    assert visitor.get("about/").status_code == 405
