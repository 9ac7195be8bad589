"""Events that wait in an inbox are taken up together, and none holds back another."""

import json
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from agentdesk import credentials
from conversations.actions.receive_event import receive_inbound
from conversations.choices import EventState
from conversations.models import Inquiry, Message, Notification, ProviderEvent
from conversations.tasks import fetch_profile, process_inbox
from tests.conversations.providers.line import PROVIDER, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue)


def said() -> list[str]:
    rows = Message.objects.filter(kind="text").order_by("occurred_at", "pk")
    return list(rows.values_list("body", flat=True))


def kept_only(inbox, *bodies):
    """Events whose task the broker has lost."""
    with patch("conversations.views.hooks.ring"):
        for body in bodies:
            assert PROVIDER.post(inbox, body).status_code == 200


def test_messages_that_wait_are_received_together(
    inbox, agent, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(fetch_profile, "apply_async", lambda **options: None)
    people = [f"U{number:032x}" for number in range(8)]
    kept_only(inbox, *(write("はじめまして", sender=one) for one in people))
    process_inbox(inbox.pk)
    Inquiry.objects.update(owner=agent)
    kept_only(inbox, *(write("もしもし", sender=one) for one in people))
    process_inbox(inbox.pk)
    kept_only(inbox, write("一つ", sender=people[0]))
    with CaptureQueriesContext(connection) as alone:
        process_inbox(inbox.pk)
    used = len(alone)
    more = [write(text, sender=one) for one in people for text in ("甲", "乙")]
    kept_only(inbox, *more)
    with django_assert_num_queries(used):
        process_inbox(inbox.pk)
    assert said().count("甲") == said().count("乙") == 8
    told = Notification.objects.filter(member=agent).select_related("message")
    assert [one.message.body for one in told] == ["乙"] * 8


def test_one_that_cannot_be_received_is_set_aside_and_the_others_arrive(inbox):
    def poisoned(inbox, incoming):
        if any(one.told.body == "毒" for one in incoming):
            raise ValueError("毒")
        return receive_inbound(inbox, incoming)

    kept_only(inbox, write("一"), write("毒"), write("三"))
    with patch("conversations.actions.process_event.receive_inbound", poisoned):
        process_inbox(inbox.pk)
    assert said() == ["一", "三"]
    aside = ProviderEvent.objects.get(state=EventState.QUARANTINED)
    assert "毒".encode() in bytes(aside.body)


def test_however_many_ring_the_task_is_started_once_until_it_begins(inbox, monkeypatch):
    started = []
    monkeypatch.setattr(
        process_inbox, "apply_async", lambda **options: started.append(options)
    )
    for text in ("一", "二", "三"):
        PROVIDER.post(inbox, write(text))
    assert len(started) == 1
    process_inbox(inbox.pk)
    assert said() == ["一", "二", "三"]
    PROVIDER.post(inbox, write("四"))
    assert len(started) == 2


def test_a_valkey_that_is_away_loses_no_ring(inbox):
    with patch("agentdesk.jobs.valkey", side_effect=RedisError("away")):
        PROVIDER.post(inbox, write("届きますか"))
    assert said() == ["届きますか"]


def test_a_run_that_is_frozen_holds_nobody_back_for_ever(inbox, monkeypatch):
    monkeypatch.setattr("agentdesk.jobs._PATIENCE_SECONDS", 0.05)
    kept_only(inbox, write("待っています"))
    with psycopg.connect(**connection.get_connection_params()) as frozen:
        name = f"{process_inbox.name}:{inbox.pk}"
        frozen.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
        process_inbox(inbox.pk)
    assert said() == ["待っています"]


def test_a_new_secret_is_good_at_once_in_a_process_that_remembers_the_old(
    inbox, settings
):
    settings.INBOX_MEMORY_SECONDS = 60
    assert PROVIDER.post(inbox, write("旧")).status_code == 200
    secrets = {**PROVIDER.secrets, "channel_secret": "b" * 32}
    inbox.connection.secrets = credentials.seal(json.dumps(secrets))
    inbox.connection.save()
    assert PROVIDER.post(inbox, write("新"), secrets=secrets).status_code == 200
    assert said() == ["旧", "新"]
