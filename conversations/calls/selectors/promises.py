"""What was promised in calls, as the thread shows it below their notes."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from agentdesk.prepared import Call as PreparedCall
from agentdesk.prepared import prepared
from conversations.choices import MessageKind
from conversations.models import FollowUp, Message


@prepared
def _promised(message_ids: list[int]) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(call__message__in=message_ids)
    return rows.select_related("owner__user", "call").order_by("due_at", "pk")


def promises_ahead(messages: Iterable[Message]) -> list[PreparedCall]:
    """What `promises_of` will read, for `read_ahead`."""
    notes = _notes(messages)
    return [_promised.of(notes)] if notes else []


def promises_of(messages: Iterable[Message]) -> dict[int, list[FollowUp]]:
    """By the note of their call; one query, and none where there is no phone note."""
    found: dict[int, list[FollowUp]] = defaultdict(list)
    notes = _notes(messages)
    for row in _promised(notes) if notes else []:
        if row.call is not None and row.call.message_id is not None:
            found[row.call.message_id].append(row)
    return found


def _notes(messages: Iterable[Message]) -> list[int]:
    return sorted(one.pk for one in messages if one.kind == MessageKind.PHONE_NOTE)
