"""How the desk writes people and moments: as the reader's language and place have it."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from agentdesk.accounts.models import User
from conversations.choices import Channel
from customers.models import Customer
from tests.receiving import receive_message

_LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("family", "given", "language", "member", "customer"),
    [
        ("山田", "太郎", "ja", "山田 太郎", "山田 太郎 様"),
        ("山田", "太郎", "en", "山田 太郎", "山田 太郎"),
        ("Yamada", "Taro", "ja", "Yamada Taro", "Yamada Taro 様"),
        ("Yamada", "Taro", "en", "Taro Yamada", "Taro Yamada"),
        ("Smith", "", "en", "Smith", "Smith"),
        ("", "太郎", "ja", "太郎", "太郎 様"),
    ],
)
def test_a_name_stands_in_the_order_of_the_language(
    family, given, language, member, customer
):
    with translation.override(language):
        names = {"family_name": family, "given_name": given}
        assert User(email="a@example.jp", **names).name == member
        assert Customer(**names).name_with_honorific == customer


@pytest.fixture
def written(conversation, webchat):
    customer = conversation.customer
    customer.family_name, customer.given_name = "Yamada", "Taro"
    customer.save(update_fields=["family_name", "given_name"])
    with time_machine.travel(_LATE, tick=False):
        receive_message(
            conversation.customer, inbox=webchat, channel=Channel.WEBCHAT, body="Hello"
        )
        yield conversation


@pytest.fixture
def read(client_of, agent, written):
    """What the desk shows of the conversation to a reader of that language and place."""

    def reading(language: str, zone: str) -> str:
        User.objects.filter(pk=agent.user_id).update(language=language, time_zone=zone)
        path = reverse("desk:conversation", args=[written.pk])
        return client_of(agent).get(path).content.decode()

    return reading


@pytest.mark.parametrize(
    ("language", "name"), [("ja", "Yamada Taro 様"), ("en", "Taro Yamada")]
)
def test_the_rows_of_the_list_and_the_head_name_the_customer_so(read, language, name):
    text = read(language, "Asia/Tokyo")
    assert f'<b class="truncate">{name}</b>' in text
    assert f'data-focus-home><span class="truncate">{name}<' in text


@pytest.mark.parametrize(
    ("zone", "time", "day"),
    [
        ("Asia/Tokyo", "08:30", "2026-11-21"),
        ("Europe/Berlin", "00:30", "2026-11-21"),
        ("America/New_York", "18:30", "2026-11-20"),
    ],
)
def test_a_moment_stands_on_the_readers_own_clock_and_calendar(read, zone, time, day):
    thread = read("ja", zone).split('id="thread"')[1]
    assert re.search(
        rf'<li class="day" id="day-\d+"><time\s+datetime="{day}">今日<', thread
    )
    assert f">{time}</time>" in thread
