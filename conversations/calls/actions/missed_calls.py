"""Calls that ring for too long, and missed ones that their thread does not tell of yet."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from agentdesk.audit import log
from conversations.calls.actions.mark_on_list import mark_on_list
from conversations.calls.actions.running_call import queue_of
from conversations.choices import (
    CallState,
    Channel,
    Direction,
    NotificationKind,
    ThreadEvent,
)
from conversations.inquiries.actions.activity import start_waiting
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import Call, Inquiry
from conversations.sweeps.each import act_on_each, resting_items

# A ringing that is older than this rings nobody any more: its end was lost.
STALE_RINGING = timedelta(minutes=3)
# A call that ended unanswered is noted as missed only after the answer had time to come.
MISSED_GRACE = timedelta(seconds=8)
_EXPIRING = "ringing calls"
_NOTING = "missed calls"


def is_stale(call: Call, now: datetime) -> bool:
    return now - call.rang_at > STALE_RINGING


def expire_ringing(now: datetime, *, limit: int = 200) -> int:
    """Calls whose end was never told stop ringing: they were missed."""
    stale = Call.objects.filter(
        state=CallState.RINGING,
        answered_at__isnull=True,
        rang_at__lt=now - STALE_RINGING,
    ).exclude(pk__in=resting_items(_EXPIRING, now))
    ids = list(stale.order_by("rang_at").values_list("pk", flat=True)[:limit])
    return len(act_on_each(_EXPIRING, ids, partial(_expire, now=now)))


@transaction.atomic
def _expire(pk: int, *, now: datetime) -> None:
    rows = Call.objects.select_for_update(skip_locked=True, no_key=True)
    call = rows.filter(pk=pk, state=CallState.RINGING, answered_at__isnull=True).first()
    if call is None:
        return
    call.state = CallState.MISSED
    call.ended_at = call.ended_at or now
    call.save(update_fields=["state", "ended_at", "updated_at"])
    mark_on_list(call)
    log.record("call.event", call, actor=None, after={"state": str(call.state)})
    events.call_changed(call)


def note_missed_calls(now: datetime, *, limit: int = 200) -> int:
    """Say in the thread that a known customer called in vain, and let it wait for us."""
    missed = Call.objects.filter(
        state=CallState.MISSED, missed_noted=False, ended_at__lt=now - MISSED_GRACE
    ).exclude(pk__in=resting_items(_NOTING, now))
    ids = list(missed.order_by("ended_at").values_list("pk", flat=True)[:limit])
    return len(act_on_each(_NOTING, ids, _note))


@transaction.atomic
def _note(pk: int) -> None:
    call = (
        Call.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("conversation__account", "inbox__queue", "account")
        .filter(pk=pk, state=CallState.MISSED, missed_noted=False)
        .first()
    )
    if call is None:
        return
    call.missed_noted = True
    if call.conversation is not None and call.direction == Direction.INBOUND:
        call.inquiry = _note_missed(call)
    call.save(update_fields=["missed_noted", "inquiry", "updated_at"])


def _note_missed(call: Call) -> Inquiry:
    assert call.conversation is not None
    conversation = lock(call.conversation)
    inquiry = current_inquiry(
        conversation, channel=Channel.PHONE, queue=queue_of(call), at=call.rang_at
    )
    line = add_line(
        conversation,
        inquiry,
        ThreadEvent.MISSED_CALL,
        actor=None,
        after={"call": call.pk, "from": call.from_number},
    )
    start_waiting(inquiry, call.rang_at, channel=Channel.PHONE, account=call.account)
    if inquiry.owner is not None:
        notify(inquiry.owner, NotificationKind.MISSED, conversation, message=line)
    events.inquiry_changed(inquiry)
    return inquiry
