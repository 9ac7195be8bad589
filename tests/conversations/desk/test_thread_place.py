"""A thread that is opened at a message, an inquiry or a day, and grows from there."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from conversations.desk.selectors.thread import PAGE_SIZE
from conversations.models import Message
from tests.factories.conversations import InquiryFactory
from tests.factories.threads import inbound_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 17, 3, 0, tzinfo=UTC)  # in Tokyo
COUNT = PAGE_SIZE * 3


@pytest.fixture
def waiting(conversation):
    return InquiryFactory(conversation=conversation)


@pytest.fixture
def messages(conversation, webchat, waiting) -> list[Message]:
    """One a day, each of the last third of one inquiry."""
    found = [inbound_message(conversation, webchat) for _ in range(COUNT)]
    for day, message in enumerate(found):
        message.occurred_at = NOON + timedelta(days=day)
        message.inquiry = waiting if day >= PAGE_SIZE * 2 else None
    Message.objects.bulk_update(found, ["occurred_at", "inquiry"])
    return found


def pks(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="message-(\d+)"', page)]


def get(client, conversation, name: str, *args: int, **query: object):
    path = reverse(f"desk:{name}", args=[conversation.pk, *args])
    return client.get(path, query)


@pytest.mark.parametrize("name", ["messages-around", "conversation", "workspace"])
def test_a_message_is_shown_with_half_a_page_on_either_side(
    client_of, agent, conversation, messages, name
):
    at = messages[40]
    response = get(client_of(agent), conversation, name, message=at.pk)
    page = response.content.decode()
    half = PAGE_SIZE // 2
    assert pks(page) == [one.pk for one in messages[40 - half : 40 + half]]
    assert f'data-place="message-{at.pk}"' in page
    assert "data-earlier" in page
    assert "data-later" in page
    assert f'id="thread-cursor" value="{messages[-1].pk}"' in page


def test_pages_downwards_lead_to_the_end_without_a_gap(
    client_of, agent, conversation, messages
):
    client = client_of(agent)
    page = get(client, conversation, "messages-around", message=messages[0].pk)
    shown = pks(page.content.decode())
    assert b"data-earlier" not in page.content
    while b"data-later" in page.content:
        page = get(client, conversation, "later-messages", shown[-1])
        shown += pks(page.content.decode())
    assert shown == [one.pk for one in messages]


def test_a_day_and_an_inquiry_lead_to_where_they_begin(
    client_of, agent, conversation, messages, waiting
):
    client = client_of(agent)
    for query, at in (
        ({"day": "2026-06-20"}, messages[3]),
        ({"day": "2020-01-01"}, messages[0]),
        ({"inquiry": waiting.pk}, messages[PAGE_SIZE * 2]),
    ):
        page = get(client, conversation, "messages-around", **query).content.decode()
        assert f'data-place="message-{at.pk}"' in page


@pytest.mark.parametrize(
    "query", [{}, {"day": "2099-01-01"}, {"day": "0001-01-01"}, {"day": "2026-02-31"}]
)
def test_where_nothing_leads_is_the_end(
    client_of, agent, conversation, messages, query
):
    page = get(client_of(agent), conversation, "messages-around", **query)
    assert pks(page.content.decode())[-1] == messages[-1].pk
    assert b"data-later" not in page.content
    assert b"data-place" not in page.content


def test_a_message_of_elsewhere_is_not_found(
    client_of, agent, stranger, conversation, messages
):
    around = {"message": messages[-1].pk + 999}
    missing = get(client_of(agent), conversation, "messages-around", **around)
    assert missing.status_code == 404
    strange = client_of(stranger)
    for name in ("messages-around", "places"):
        assert get(strange, conversation, name).status_code == 404
    later = get(strange, conversation, "later-messages", messages[0].pk)
    assert later.status_code == 404


def test_its_cost_does_not_grow_with_the_thread(
    client_of, agent, conversation, messages, django_assert_num_queries, warm_process
):
    client = client_of(agent)
    get(client, conversation, "messages-around", message=messages[0].pk)
    with django_assert_num_queries(9):
        get(client, conversation, "messages-around", message=messages[40].pk)


def test_the_menu_names_the_inquiries_of_this_thread(
    client_of, agent, conversation, waiting
):
    page = get(client_of(agent), conversation, "places").content.decode()
    assert waiting.reference in page
    assert f"?inquiry={waiting.pk}" in page
