"""What waits in a queue waits there once, and what nobody takes up is dropped in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk.celery import app
from agentdesk.jobs.beat import SweepScheduler
from agentdesk.jobs.queueing import enqueue
from agentdesk.jobs.registry import beat_schedule, sweep_of
from agentdesk.live.valkey import valkey
from conversations.connections.tasks import refresh_quota, refresh_templates
from conversations.inbound.tasks import (
    fetch_file,
    poll_inbox,
    process_inbox,
    release_held,
)
from conversations.messages.tasks import make_preview
from conversations.models import Message
from conversations.outbound.tasks import deliver
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
def start(django_capture_on_commit_callbacks):
    """Enqueues as a request does whose transaction has committed."""

    def start(*args):
        with django_capture_on_commit_callbacks(execute=True):
            enqueue(*args)

    return start


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
        sweep_of(deliver)()
    assert sorted(ids for ids, _options in sent) == [(one.pk,) for one in replies]
    assert all(0 < options["expires"] <= 60 for _ids, options in sent)


def test_what_has_begun_may_be_sent_again(sent, replies):
    sweep_of(deliver)()
    first = replies[0]
    sent.clear()
    deliver.apply(args=(first.pk,))
    Message.objects.update(state="queued")
    sweep_of(deliver)()
    assert [ids for ids, _options in sent] == [(first.pk,)]


def test_what_is_enqueued_twice_while_it_waits_is_one_run(sent, replies, start):
    first, second = replies[:2]
    for pk in (first.pk, second.pk, first.pk):
        start(deliver, pk)
    assert [ids for ids, _options in sent] == [(first.pk,), (second.pk,)]
    assert not any(options.get("expires") for _ids, options in sent)
    sent.clear()
    sweep_of(deliver)()
    assert (first.pk,) not in [ids for ids, _options in sent]


def test_a_key_that_is_lost_costs_one_run_more(sent, replies, start):
    with valkey() as client:
        for _turn in range(2):
            start(deliver, replies[0].pk)
            client.flushdb()
    assert len(sent) == 2


def test_a_key_that_outlives_its_message_is_forgotten_soon(sent, replies, start):
    """A worker that took it has died: no sweep may wait for that run for long."""
    pk = replies[0].pk
    start(deliver, pk)
    with valkey() as client:
        assert 0 < client.pttl(f"waiting:{deliver.name}:{pk}") <= 5000


def test_beat_sends_no_sweep_that_waits_already(monkeypatch):
    sent = []
    monkeypatch.setattr(
        "celery.beat.Scheduler.apply_async",
        lambda _self, entry, **_o: sent.append(entry),
    )
    scheduler = SweepScheduler(app, lazy=True)
    entry = scheduler.Entry(
        name="replies", task=sweep_of(deliver).name, schedule=2.0, app=app
    )
    for _turn in range(5):
        scheduler.apply_entry(entry)
    assert [one.name for one in sent] == ["replies"]
    assert sent[0].options["expires"]


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("sweep_leftovers", 3600), ("watch_inboxes", 60), ("sweep_calls", 30)],
)
def test_a_periodic_run_is_dropped_after_its_period(name, seconds, monkeypatch):
    """But not before a queue that lags a little has reached it."""
    sent = []
    monkeypatch.setattr(
        "celery.beat.Scheduler.apply_async",
        lambda _self, entry, **_o: sent.append(entry),
    )
    task = next(one for one in app.tasks if one.rpartition(".")[2] == name)
    scheduler = SweepScheduler(app, lazy=True)
    entry = scheduler.Entry(name=task, task=task, schedule=seconds, app=app)
    scheduler.apply_entry(entry)
    assert [one.options["expires"] for one in sent] == [seconds]


def test_each_sweep_is_declared_with_the_job_it_backs():
    app.loader.import_default_modules()
    for job in (
        deliver,
        process_inbox,
        release_held,
        fetch_file,
        poll_inbox,
        make_preview,
        refresh_quota,
        refresh_templates,
    ):
        assert sweep_of(job).name in beat_schedule()
