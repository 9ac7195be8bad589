"""Events that wait in an inbox are taken up together, and none holds back another."""

import json
import time
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import RedisError

from agentdesk import crypto as credentials
from conversations.choices import EventState
from conversations.inbound.identify import identify
from conversations.inbound.tasks import fetch_profile, process_inbox
from conversations.models import Inquiry, Message, Notification, ProviderEvent
from tests.conversations.providers.line import PROVIDER, write
from tests.conversations.providers.whatsapp import PROVIDER as WHATSAPP
from tests.conversations.providers.whatsapp import body_of, message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(account, queue):
    return PROVIDER.connected(account, queue)


def bodies() -> list[str]:
    rows = Message.objects.filter(kind="text").order_by("occurred_at", "pk")
    return list(rows.values_list("body", flat=True))


def store_unprocessed(inbox, *bodies):
    """Events whose task the broker has lost."""
    with patch("conversations.inbound.views.enqueue"):
        for body in bodies:
            assert PROVIDER.post(inbox, body).status_code == 200


def test_messages_that_wait_are_received_together(
    inbox, agent, warm_process, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(fetch_profile, "apply_async", lambda **options: None)
    people = [f"U{number:032x}" for number in range(8)]
    store_unprocessed(inbox, *(write("はじめまして", sender=one) for one in people))
    process_inbox(inbox.pk)
    Inquiry.objects.update(owner=agent)
    store_unprocessed(inbox, *(write("もしもし", sender=one) for one in people))
    process_inbox(inbox.pk)
    store_unprocessed(inbox, write("一つ", sender=people[0]))
    with CaptureQueriesContext(connection) as alone:
        process_inbox(inbox.pk)
    used = len(alone)
    more = [write(text, sender=one) for one in people for text in ("甲", "乙")]
    store_unprocessed(inbox, *more)
    with django_assert_num_queries(used):
        process_inbox(inbox.pk)
    assert bodies().count("甲") == bodies().count("乙") == 8
    notified = Notification.objects.filter(member=agent).select_related("message")
    assert [one.message.body for one in notified] == ["乙"] * 8


def unknown_receipts(inbox, amount):
    """One webhook with receipts of messages that are not ours."""
    state = {"status": "delivered", "timestamp": str(int(time.time()))}
    statuses = [{"id": f"wamid.{uuid4().hex}", **state} for _n in range(amount)]
    assert WHATSAPP.post(inbox, body_of(statuses=statuses)).status_code == 200


NEW_TEXT = {"id": "x", "type": "text", "text": {"body": "直しました"}}


def unknown_others(inbox, amount):
    """Edits, unsends and reactions about messages that are not ours."""
    about = [
        ("reaction", {"message_id": "wamid.nobody", "emoji": "👍"}),
        ("revoke", {"original_message_id": "wamid.nobody"}),
        ("edit", {"original_message_id": "wamid.nobody", "message": NEW_TEXT}),
    ]
    several = [
        message(kind, **{kind: content}) for kind, content in about * (amount // 3)
    ]
    assert WHATSAPP.post(inbox, body_of(messages=several)).status_code == 200


def poisoned(inbox, amount):
    """What says that it is a message, and cannot be read."""
    several = [message(id=f"wamid.{n}", text="no object") for n in range(amount)]
    assert WHATSAPP.post(inbox, body_of(messages=several)).status_code == 200


@pytest.fixture
def whatsapp(account, queue):
    return WHATSAPP.connected(account, queue)


@pytest.mark.parametrize("flood", [unknown_receipts, unknown_others])
def test_a_message_is_taken_up_before_all_that_nobody_waits_for(whatsapp, flood):
    """However much stands before it, and was tried before: in the very next run."""
    with (
        patch("conversations.inbound.views.enqueue"),
        patch("conversations.inbound.tasks.enqueue"),
    ):
        flood(whatsapp, 300)
        process_inbox(whatsapp.pk)
        ProviderEvent.objects.filter(attempts=1).update(retry_at=timezone.now())
        flood(whatsapp, 300)
        assert WHATSAPP.post(whatsapp, WHATSAPP.write("まだですか")).status_code == 200
        with CaptureQueriesContext(connection) as used:
            process_inbox(whatsapp.pk)
    assert bodies() == ["まだですか"]
    stored = next(
        n for n, one in enumerate(used) if 'INTO "conversations_message"' in one["sql"]
    )
    assert stored < 60  # what the message itself takes, and nothing of the flood
    assert not ProviderEvent.objects.exclude(
        state__in=["pending", "processed"]
    ).exists()


def test_receipts_of_unknown_messages_cost_the_same_however_many(whatsapp):
    used = []
    for amount in (1, 2, 50):
        with (
            patch("conversations.inbound.views.enqueue"),
            patch("conversations.inbound.tasks.enqueue"),
        ):
            unknown_receipts(whatsapp, amount)
            with CaptureQueriesContext(connection) as first:
                process_inbox(whatsapp.pk)
            ProviderEvent.objects.update(retry_at=timezone.now())
            with CaptureQueriesContext(connection) as again:
                process_inbox(whatsapp.pk)
            ProviderEvent.objects.update(state=EventState.IGNORED)
        used.append((len(first), len(again)))
    assert used[1] == used[2]
    assert max(used[2]) < 25


def test_a_poisoned_batch_is_put_away_at_once_and_the_message_arrives(whatsapp):
    with (
        patch("conversations.inbound.views.enqueue"),
        patch("conversations.inbound.tasks.enqueue"),
    ):
        poisoned(whatsapp, 40)
        assert WHATSAPP.post(whatsapp, WHATSAPP.write("まだですか")).status_code == 200
        with CaptureQueriesContext(connection) as used:
            process_inbox(whatsapp.pk)
    assert bodies() == ["まだですか"]
    aside = ProviderEvent.objects.filter(state=EventState.QUARANTINED)
    assert aside.count() == 40
    assert all(one.reason for one in aside)
    assert len(used) < 60


def test_known_receipts_leave_room_for_the_next_message(whatsapp, monkeypatch):
    """They go one by one: a run ends when its time is over, and the next begins anew."""
    monkeypatch.setattr("conversations.inbound.process_inbox.BEHIND_SECONDS", 0.0)
    WHATSAPP.post(whatsapp, WHATSAPP.write("はい", id="wamid.known"))
    with (
        patch("conversations.inbound.views.enqueue"),
        patch("conversations.inbound.tasks.enqueue"),
    ):
        reactions = [
            message("reaction", reaction={"message_id": "wamid.known", "emoji": one})
            for one in ("👍", "😀", "🎉")
        ]
        WHATSAPP.post(whatsapp, body_of(messages=reactions))
        process_inbox(whatsapp.pk)
        waiting = ProviderEvent.objects.filter(state=EventState.PENDING)
        assert waiting.count() == 2
        WHATSAPP.post(whatsapp, WHATSAPP.write("次です"))
        process_inbox(whatsapp.pk)
        assert bodies() == ["はい", "次です"]
        assert waiting.count() == 1


def test_one_that_cannot_be_received_is_set_aside_and_the_others_arrive(inbox):
    def poisoned(inbox, drafts):
        if any(one.event.body == "毒" for one in drafts):
            raise ValueError("毒")
        identify(inbox, drafts)

    store_unprocessed(inbox, write("一"), write("毒"), write("三"))
    with patch("conversations.inbound.pipeline.identify", poisoned):
        process_inbox(inbox.pk)
    assert bodies() == ["一", "三"]
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
    assert bodies() == ["一", "二", "三"]
    PROVIDER.post(inbox, write("四"))
    assert len(started) == 2


def test_a_valkey_that_is_away_loses_no_ring(inbox):
    with patch("agentdesk.jobs.waiting.valkey", side_effect=RedisError("away")):
        PROVIDER.post(inbox, write("届きますか"))
    assert bodies() == ["届きますか"]


def test_a_run_that_is_frozen_holds_nobody_back_for_ever(inbox, monkeypatch):
    monkeypatch.setattr("agentdesk.jobs.turns._PATIENCE_SECONDS", 0.05)
    store_unprocessed(inbox, write("待っています"))
    with psycopg.connect(**connection.get_connection_params()) as frozen:
        name = f"{process_inbox.name}:{inbox.pk}"
        frozen.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
        process_inbox(inbox.pk)
    assert bodies() == ["待っています"]


def test_a_new_secret_is_good_at_once_in_a_process_that_remembers_the_old(
    inbox, settings
):
    settings.INBOX_MEMORY_SECONDS = 60
    assert PROVIDER.post(inbox, write("旧")).status_code == 200
    secrets = {**PROVIDER.secrets, "channel_secret": "b" * 32}
    inbox.connection.secrets = credentials.seal(json.dumps(secrets))
    inbox.connection.save()
    assert PROVIDER.post(inbox, write("新"), secrets=secrets).status_code == 200
    assert bodies() == ["旧", "新"]
