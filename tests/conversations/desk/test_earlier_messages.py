"""Earlier messages of a thread, as they come in above the ones on the screen."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from conversations.desk.selectors.thread import PAGE_SIZE
from conversations.models import Message
from tests.factories.threads import inbound_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 17, 3, 0, tzinfo=UTC)  # in Tokyo


@pytest.mark.parametrize(
    ("gap", "is_same_day"), [(timedelta(hours=1), True), (timedelta(days=1), False)]
)
def test_a_day_that_begins_above_has_one_heading(
    client_of, agent, conversation, webchat, gap, is_same_day
):
    messages = [inbound_message(conversation, webchat) for _ in range(PAGE_SIZE + 1)]
    for minute, message in enumerate(messages):
        at = NOON - gap if minute == 0 else NOON + timedelta(minutes=minute)
        Message.objects.filter(pk=message.pk).update(occurred_at=at)
    first = messages[1].pk
    client = client_of(agent)
    page = reverse("desk:conversation", args=[conversation.pk])
    assert f'<li class="day" id="day-{first}">' in client.get(page).content.decode()
    earlier = reverse("desk:earlier-messages", args=[conversation.pk, first])
    above = client.get(earlier).content.decode()
    removed = f'<li id="day-{first}" hx-swap-oob="delete"></li>'
    assert (removed in above) == is_same_day
    assert len(re.findall('<li class="day"', above)) == 1
