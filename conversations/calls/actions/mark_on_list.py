"""Whoever is on the phone stands first in the list, for as long as the line is open."""

from conversations.choices import CallState
from conversations.live import events
from conversations.models import Call, Inquiry

_LINE_IS_OPEN = {CallState.RINGING, CallState.TALKING, CallState.HELD}


def mark_on_list(call: Call) -> None:
    """The open inquiry of the caller says whether this call runs; not its wrap-up."""
    is_open = call.state in _LINE_IS_OPEN and call.ended_at is None
    _mark(call, is_on_call=is_open)


def leave_list(call: Call) -> None:
    """Before the call becomes another customer's."""
    _mark(call, is_on_call=False)


def end_lost_calls() -> None:
    """Whatever became of a call: nobody stands first for one that is over."""
    running = Call.objects.running().exclude(state=CallState.WRAP_UP)
    lost = Inquiry.objects.filter(on_call=True).exclude(
        conversation__in=running.filter(conversation__isnull=False).values(
            "conversation"
        )
    )
    for inquiry in lost.order_by("pk")[:200]:
        Inquiry.objects.filter(pk=inquiry.pk).update(on_call=False)
        events.list_changed(inquiry)


def _mark(call: Call, *, is_on_call: bool) -> None:
    if call.conversation_id is None:
        return
    rows = Inquiry.objects.open().filter(
        conversation=call.conversation_id, on_call=not is_on_call
    )
    for inquiry in rows.select_for_update(no_key=True):
        inquiry.on_call = is_on_call
        inquiry.save(update_fields=["on_call"])
        events.list_changed(inquiry)
