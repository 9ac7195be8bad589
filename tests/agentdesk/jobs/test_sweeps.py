"""Sweeps come again and again; what they send waits in a queue once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk.celery import app
from agentdesk.jobs.beat import SweepScheduler
from agentdesk.jobs.queueing import sweep
from conversations.models import Message
from conversations.outbound.tasks import deliver, sweep_deliveries
from tests.factories.conversations import ConversationFactory, InboxFactory


@pytest.fixture
def sent(monkeypatch):
    """A queue that nobody works: what was put in it, with its options."""
    sent = []

    def put(args=(), **options):
        sent.append((tuple(args), options))

    monkeypatch.setattr(deliver, "apply_async", put)
    return sent


@pytest.fixture
def replies(account, queue):
    """Twenty that have waited for a while, each in a conversation of its own."""
    inbox = InboxFactory(account=account, queue=queue, channel="line")
    rows = [
        Message(
            account=account,
            conversation=ConversationFactory(customer__account=account),
            inbox=inbox,
            channel="line",
            kind="text",
            direction="outbound",
            state="queued",
        )
        for _n in range(20)
    ]
    Message.objects.bulk_create(rows)
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    return rows


def test_thirty_sweeps_over_twenty_replies_are_twenty_tasks(sent, replies):
    for _turn in range(30):
        sweep_deliveries()
    assert sorted(ids for ids, _options in sent) == [(one.pk,) for one in replies]
    assert all(0 < options["expires"] <= 60 for _ids, options in sent)


def test_what_has_begun_may_be_sent_again(sent, replies, monkeypatch):
    sweep_deliveries()
    monkeypatch.undo()
    (_ids, options), first = sent[0], replies[0]
    deliver.apply(args=(first.pk,), headers=options["headers"])
    begun = []
    monkeypatch.setattr(
        deliver, "apply_async", lambda args=(), **_options: begun.append(tuple(args))
    )
    sweep(deliver, [one.pk for one in replies])
    assert begun == [(first.pk,)]


def test_beat_sends_no_sweep_that_waits_already(monkeypatch):
    sent = []
    monkeypatch.setattr(
        "celery.beat.Scheduler.apply_async",
        lambda _self, entry, **_o: sent.append(entry),
    )
    scheduler = SweepScheduler(app, lazy=True)
    entry = scheduler.Entry(
        name="replies", task=sweep_deliveries.name, schedule=2.0, app=app
    )
    for _turn in range(5):
        scheduler.apply_entry(entry)
    assert [one.name for one in sent] == ["replies"]
    assert sent[0].options["expires"]
