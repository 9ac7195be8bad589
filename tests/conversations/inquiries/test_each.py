"""One row that fails holds back none of the others, in any sweep or roll-up."""

import datetime
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from agentdesk.jobs.slots import Slots
from conversations.calls.actions import missed_calls
from conversations.choices import CallState
from conversations.connections import refresh_templates
from conversations.inbound.mailboxes import keeper
from conversations.inboxes.actions import roll_up_hours
from conversations.inquiries.actions import follow_up, housekeeping
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.models import (
    Attachment,
    Call,
    FailedItem,
    FollowUp,
    Inquiry,
)
from conversations.sweeps.each import act_apart, act_on_each
from tests.conversations.phone import phone_inbox_of
from tests.conversations.providers.sms import PROVIDER
from tests.factories.conversations import ConversationFactory, InboxFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def conversation_of(account):
    return ConversationFactory(customer=CustomerFactory(account=account))


def failing_for(act, is_poisoned):
    """`act`, which fails for the rows that are poisoned."""

    def poisoned(first, *more, **named):
        if is_poisoned(first):
            raise ValueError("毒\0" + "長い" * 200)
        return act(first, *more, **named)

    return poisoned


def test_a_failed_item_rests_longer_each_time_and_is_forgotten_once_it_succeeds():
    fails = True

    def act(item):
        if fails and item == 2:
            raise ValueError("毒\0")

    assert act_on_each("test", [1, 2, 3], act) == [1, 3]
    first = FailedItem.objects.get()
    assert (first.item, first.attempts, first.reason) == (2, 1, "ValueError: 毒")
    act_on_each("test", [2], act)
    again = FailedItem.objects.get()
    assert again.attempts == 2
    assert again.retry_at - timezone.now() > first.retry_at - timezone.now()
    fails = False
    assert act_on_each("test", [2], act) == [2]
    assert not FailedItem.objects.exists()


def test_each_step_is_taken_though_one_before_it_failed():
    done = []
    with pytest.raises(ZeroDivisionError):
        act_apart(lambda: 1 / 0, lambda: done.append("second"))
    assert done == ["second"]


def test_calls_that_ring_out_and_missed_ones(account, queue, monkeypatch):
    phone, now = phone_inbox_of(account, queue), timezone.now()
    calls = [
        Call.objects.create(
            account=account,
            inbox=phone,
            provider_call_id=str(number),
            from_number=f"+81900000000{number}",
            state=CallState.RINGING,
            rang_at=now - timedelta(minutes=10 - number),
            direction="inbound",
            conversation=conversation_of(account),
        )
        for number in range(3)
    ]
    poison = calls[0].pk
    changed = missed_calls.events.call_changed
    monkeypatch.setattr(
        missed_calls.events,
        "call_changed",
        failing_for(changed, lambda call: call.pk == poison),
    )
    assert missed_calls.expire_ringing(now) == 2
    assert missed_calls.expire_ringing(now) == 0
    monkeypatch.undo()
    Call.objects.update(state=CallState.MISSED, ended_at=now - timedelta(minutes=1))
    monkeypatch.setattr(
        missed_calls,
        "lock",
        failing_for(missed_calls.lock, lambda one: one.pk == calls[0].conversation_id),
    )
    assert missed_calls.note_missed_calls(now) == 2
    noted = set(Call.objects.filter(missed_noted=True).values_list("pk", flat=True))
    assert noted == {calls[1].pk, calls[2].pk}


def test_follow_ups_and_snoozes(account, agent, queue, monkeypatch):
    now = timezone.now()
    for text in ("毒", "二つ目"):
        FollowUp.objects.create(
            account=account,
            conversation=conversation_of(account),
            owner=agent,
            text=text,
            due_at=now,
        )
    poison = FollowUp.objects.get(text="毒").conversation_id
    notify = follow_up.notify

    def notifying(owner, kind, conversation, **more):
        if conversation.pk == poison:
            raise ValueError("毒")
        return notify(owner, kind, conversation, **more)

    monkeypatch.setattr(follow_up, "notify", notifying)
    assert follow_up.notify_due_follow_ups(now) == 1
    assert FollowUp.objects.get(told_at=None).text == "毒"
    inquiries = [
        current_inquiry(conversation_of(account), channel="email", queue=queue, at=now)
        for _number in range(2)
    ]
    Inquiry.objects.update(snoozed_until=now)
    wake = failing_for(housekeeping.wake, lambda one: one.pk == inquiries[0].pk)
    monkeypatch.setattr(housekeeping, "wake", wake)
    assert housekeeping.wake_snoozed(now) == 1
    assert housekeeping.wake_snoozed(now) == 0
    assert Inquiry.objects.get(snoozed_until__isnull=False) == inquiries[0]


def test_files_that_were_never_sent(account, conversation, monkeypatch):
    for name in ("毒", "二つ目"):
        attachment = Attachment(
            account=account, conversation=conversation, name=name, size=1
        )
        attachment.file.save("unsent", ContentFile(b"x"), save=True)
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=3))
    storage, removed = attachment.file.storage, []
    poison = Attachment.objects.get(name="毒").file.name

    def removing(name):
        if name == poison:
            raise OSError("毒")
        removed.append(name)

    monkeypatch.setattr(storage, "delete", removing)
    assert housekeeping.remove_unsent_files(timezone.now()) == 2
    assert removed == [attachment.file.name]


def test_hours_and_rhythms(account, monkeypatch):
    now = timezone.now()
    counted: list[object] = []
    days: list[int] = []
    count = roll_up_hours._count

    def counting(begin_at, *, now):
        if not days:
            days.append(begin_at)
        if begin_at == days[0] and not counted.count("mended"):
            raise ValueError("毒")
        counted.append(begin_at)
        count(begin_at, now=now)

    monkeypatch.setattr(roll_up_hours, "_count", counting)
    roll_up_hours.roll_up_hours(now)
    assert len(counted) > 20
    assert days[0] not in counted
    FailedItem.objects.update(retry_at=now)
    counted.append("mended")
    roll_up_hours.roll_up_hours(now)
    assert days[0] in counted
    poisoned = InboxFactory(account=account, channel="sms", state="live")
    others = InboxFactory(account=account, channel="sms", state="live")
    seen = []

    def silent(inbox, now):
        if inbox == poisoned:
            raise ValueError("毒")
        seen.append(inbox)

    monkeypatch.setattr(roll_up_hours, "_silent_since", silent)
    roll_up_hours.watch_rhythm(now)
    assert others in seen


def test_slow_work_goes_on_with_what_waits():
    waiting, done = [2, 3], []

    def act(item):
        if item < 3:
            raise ValueError("毒")
        done.append(item)

    slots = Slots(1, lambda: [waiting.pop(0)] if waiting else [])
    slots.work(act, 1)
    assert done == [3]


def test_a_mailbox_whose_watch_cannot_begin_keeps_none_of_the_others(
    account, queue, monkeypatch
):
    class Watch:
        def __init__(self, inbox):
            if inbox.name == "毒":
                raise ValueError("毒")
            self.inbox = inbox

        def start(self):
            pass

        def stop(self):
            pass

        def is_alive(self):
            return True

    inboxes = [
        PROVIDER.connected(account, queue),
        PROVIDER.connected(account, queue),
    ]
    inboxes[0].name = "毒"
    monkeypatch.setattr(keeper, "Watch", Watch)
    monkeypatch.setattr(keeper, "_mailboxes", lambda: inboxes)
    running = keeper.Keeper()
    running.look()
    assert [watch.inbox for _digest, watch in running.watches.values()] == inboxes[1:]
    monkeypatch.setattr(keeper, "_mailboxes", list)
    running.look()
    assert running.watches == {}


def test_facts_that_cannot_be_read_are_due():
    now = datetime.datetime.now(datetime.UTC)
    assert refresh_templates._is_due({"templates_tried_at": "soon"}, now)
    assert refresh_templates._is_due({"templates_tried_at": 7, "templates_at": 7}, now)
