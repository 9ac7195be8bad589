"""Making calls of what a PBX tells, in whatever order it tells it.

A call keeps the facts (rang, answered by whom, ended); its state follows from them, so
that the last event to come leaves the same call whichever it was.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.events import CallEvent
from conversations.calls.actions.call import hang_up
from conversations.calls.actions.call_facts import (
    hand_over_work,
    is_of_another_call,
    is_transferred,
    take_facts,
)
from conversations.calls.actions.mark_on_list import mark_on_list
from conversations.calls.actions.missed_calls import is_stale
from conversations.calls.actions.running_call import (
    OCCUPIED,
    attach_customer,
    is_shell,
    lock_call,
    lock_users,
    occupied_call,
)
from conversations.calls.actions.wrap_up import take_waiting_call
from conversations.calls.selectors.caller import candidates_for
from conversations.choices import (
    CallState,
    InboxState,
)
from conversations.inquiries.actions.conversation import conversation_of
from conversations.live import events
from conversations.models import Call, Inbox

_FACTS = (
    "member",
    "member_since",
    "direction",
    "from_number",
    "to_number",
    "rang_at",
    "answered_at",
    "ended_at",
    "held_since",
    "held_for",
    "conversation",
    "state",
    "updated_at",
)


@transaction.atomic
def apply_call_event(
    inbox: Inbox, event: CallEvent, *, received_at: datetime
) -> Call | None:
    """Fold one event into its call. Every event may come again, and in any order.

    None while the inbox is tried: its own page shows the event, and nothing rings.
    """
    if _is_trial(inbox, event):
        events.inbox_changed(inbox)
        return None
    at = min(event.occurred_at or received_at, received_at)
    member = _member_at(inbox, event.extension)
    _lock_people(inbox, event, member)
    call, is_new = _call_of(inbox, event, at)
    before, previous = (call.state, call.member_id), call.member
    number = call.customer_number
    take_facts(call, event, member, at)
    _derive_state(call)
    if is_new or call.customer_number != number:
        _find_customer(call)
    call.save(update_fields=_FACTS)
    if call.state in OCCUPIED and call.conversation and call.member:
        attach_customer(call, call.conversation.customer, call.member)
    mark_on_list(call)
    if is_new or before != (call.state, call.member_id):
        log.record("call.event", call, actor=None, after={"state": str(call.state)})
        events.call_changed(call)
        if before[1] is None or before[1] != call.member_id:
            events.call_taken(call)
    if previous is not None and is_transferred(call, before[0], previous):
        hand_over_work(call, previous)
        take_waiting_call(previous)
    return call


def _lock_people(inbox: Inbox, event: CallEvent, member: Membership | None) -> None:
    """Whose call it is, and whose it may become; always in one order."""
    users = set(
        Call.objects.filter(
            inbox=inbox, provider_call_id=event.call_id, member__isnull=False
        ).values_list("member__user_id", flat=True)
    )
    if member is not None:
        users.add(member.user_id)
    lock_users(users)


def _is_trial(inbox: Inbox, event: CallEvent) -> bool:
    """A call that began while the inbox was live goes on to its end."""
    if inbox.state != InboxState.TEST:
        return False
    begun = Call.objects.filter(inbox=inbox, provider_call_id=event.call_id)
    return not begun.exists()


def _call_of(inbox: Inbox, event: CallEvent, at: datetime) -> tuple[Call, bool]:
    known = Call.objects.filter(inbox=inbox, provider_call_id=event.call_id).first()
    if known is not None and is_of_another_call(lock_call(known), at):
        # Its row stays; the id is given up to the call that has it now.
        known.provider_call_id = f"{event.call_id}#{known.pk}"
        known.save(update_fields=["provider_call_id", "updated_at"])
    call, is_new = Call.objects.get_or_create(
        inbox=inbox,
        provider_call_id=event.call_id,
        defaults={
            "account": inbox.account,
            "state": CallState.RINGING,
            "rang_at": at,
            "direction": event.direction,
        },
    )
    return lock_call(call), is_new


def _member_at(inbox: Inbox, extension: str) -> Membership | None:
    if not extension:
        return None
    return (
        Membership.objects.active()
        .filter(account_id=inbox.account_id, extension=extension)
        .select_related("user", "account")
        .first()
    )


def _find_customer(call: Call) -> None:
    """Exactly one candidate is the caller; several are asked about, none is new.

    The number may come after the call was answered: whom we made for a caller without
    a number then gives way to the customer whose number it is.
    """
    is_settled = call.conversation is not None and not is_shell(
        call.conversation, call=call
    )
    if is_settled or not call.customer_number:
        return
    known = candidates_for(call.account, call.customer_number)
    if len(known) != 1:
        return
    if call.state in OCCUPIED and call.member is not None:
        attach_customer(call, known[0], call.member)
    elif call.state != CallState.FINISHED:
        call.conversation = conversation_of(known[0])


def _derive_state(call: Call) -> None:
    if call.state == CallState.FINISHED:
        return
    if call.state in OCCUPIED and _is_free_for(call):
        if call.ended_at is not None and call.state != CallState.WRAP_UP:
            hang_up(call)
        return
    if call.answered_at is not None:
        call.state = _answered_state(call)
    elif call.ended_at is not None or is_stale(call, timezone.now()):
        call.state = CallState.MISSED
        call.ended_at = call.ended_at or call.rang_at
    else:
        call.state = CallState.RINGING


def _is_free_for(call: Call) -> bool:
    """Whether its member has no other call, as one to whom it is passed may have."""
    running = occupied_call(call.member.user) if call.member else None
    return running is None or running.pk == call.pk


def _answered_state(call: Call) -> CallState:
    """On the handset, by a known member or not, who may still be busy with another."""
    over = call.ended_at is not None
    if call.member is None:
        return CallState.FINISHED if over else CallState.RINGING
    running = occupied_call(call.member.user)
    if running is not None and running.pk != call.pk:
        return CallState.RINGING  # waits, see wrap_up.take_waiting_call
    return CallState.WRAP_UP if over else CallState.TALKING
