"""What the templates of the call strip are given."""

from typing import Any

from django.utils.translation import gettext as _

from agentdesk.accounts.access import Access
from conversations.calls.selectors.calls import (
    ShownCall,
    reason_groups,
    ringing_calls,
    running_call,
)
from conversations.choices import CallLine, CallOutcome
from conversations.models import Call


def rings_context(access: Access) -> dict[str, Any]:
    return {
        "rings": ringing_calls(access),
        "is_several": len(access.account_ids) > 1,
        "topics": call_topics(access),
    }


def head_context(access: Access) -> dict[str, Any]:
    return {
        "running": running_call(access),
        "is_several": len(access.account_ids) > 1,
        "topics": call_topics(access),
    }


def notes_context(access: Access) -> dict[str, Any]:
    return _with_form(running_call(access))


def _with_form(running: ShownCall | None) -> dict[str, Any]:
    if running is None:
        return {"running": None}
    call = running.call
    return {
        "running": running,
        "lines": _lines(call),
        "outcomes": CallOutcome.choices,
        "reason_groups": reason_groups(call.account_id),
        "due_choices": due_choices(),
        "values": _wrap_up_values(call),
    }


def _lines(call: Call) -> list[tuple[str, str, str]]:
    """Each with its key, its name and what is typed so far."""
    typed = call.notes.as_json()
    return [(str(key), str(key.label), typed.get(key, "")) for key in CallLine]


def _wrap_up_values(call: Call) -> dict[str, Any]:
    """The fields of the wrap-up as they were begun, else as the inquiry suggests."""
    reason = call.inquiry.reason_id if call.inquiry else None
    return {"outcome": call.outcome, "reason": reason, **call.wrap_up}


def due_choices() -> list[tuple[str, str]]:
    """Usual times of a follow-up, as due.js reads them."""
    return [
        ("+60", _("In an hour")),
        ("0 17:00", _("Today 17:00")),
        ("1 10:00", _("Tomorrow 10:00")),
        ("monday 10:00", _("Next Monday 10:00")),
    ]


def strip_context(access: Access) -> dict[str, Any]:
    context = rings_context(access) | head_context(access)
    return context | _with_form(context["running"])


def call_topics(access: Access) -> list[str]:
    """Where a change of this person's calls is told."""
    members = [f"member:{member.pk}" for member in access.memberships.values()]
    return members + [f"account:{pk}" for pk in access.account_ids]
