"""The ways to change what a stored message consists of: one thing each, all else stays.

Writing the whole of `message.data` would undo what somebody else has written since it
was read. Where a new value depends on the old one, lock the message first.
"""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, QuerySet, TextField, Value

from conversations.contents.base import JsonFields
from conversations.models import Message, MessageEdit, MessageReaction

_MOST_EDITS = 20  # the newest; what is older is dropped
_LONGEST_EMOJI = 16


def set_content(message: Message, *contents: JsonFields) -> None:
    """Set these kinds of content in the row, in one statement."""
    data = {key: one for each in contents for key, one in each.as_data().items()}
    merged = Func(
        F("data"),
        Value(data, output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
    Message.objects.filter(pk=message.pk).update(data=merged)
    message.data = {**message.data, **data}


def set_field(messages: QuerySet[Message], *path: str, value: Any) -> None:
    """Set one field that is there in each of the rows, in one statement."""
    changed = Func(
        F("data"),
        _path(path),
        Value(value, output_field=JSONField()),
        Value(False),  # where the field is missing, nothing is added
        function="jsonb_set",
        output_field=JSONField(),
    )
    messages.update(data=changed)


def remove_field(messages: QuerySet[Message], *path: str) -> None:
    """Take one field out of each of the rows, in one statement."""
    remaining = Func(
        F("data"),
        _path(path),
        template="(%(expressions)s)",
        arg_joiner=" #- ",
        output_field=JSONField(),
    )
    messages.update(data=remaining)


def _path(names: tuple[str, ...]) -> Value:
    return Value(list(names), output_field=ArrayField(TextField()))


def erase_content(message: Message) -> None:
    """All that was in a locked message, for good: it was taken back."""
    message.body, message.data, message.failure_detail = "", {}, ""
    message.save(update_fields=["body", "data", "failure_detail"])
    MessageReaction.objects.filter(message=message).delete()
    MessageEdit.objects.filter(message=message).delete()


def edit_text(message: Message, body: str, *, at: datetime) -> bool:
    """The new text of a locked message, the earlier one beside it; False if known.

    An edit that comes late is an earlier text.
    """
    edits = MessageEdit.objects.filter(message=message)
    known = list(edits.order_by("-edited_at").values_list("edited_at", flat=True))
    if at in known:
        return False
    is_newest = not known or at > known[0]
    MessageEdit.objects.create(
        account_id=message.account_id,
        message=message,
        body=message.body if is_newest else body,
        edited_at=at,
    )
    if is_newest:
        message.body = body
        message.save(update_fields=["body"])
    surplus = sorted([*known, at], reverse=True)[_MOST_EDITS:]
    if surplus:
        edits.filter(edited_at__in=surplus).delete()
    return True


def set_reaction(message: Message, side: str, emoji: str, *, at: datetime) -> bool:
    """The emoji of one side on a locked message; an empty one takes it back.

    False where a newer one is there already.
    """
    reactions = MessageReaction.objects.filter(message=message, side=side)
    if reactions.filter(at__gt=at).exists():
        return False
    reaction = MessageReaction(
        account_id=message.account_id,
        message=message,
        side=side,
        emoji=emoji[:_LONGEST_EMOJI],
        at=at,
    )
    MessageReaction.objects.bulk_create(
        [reaction],
        update_conflicts=True,
        unique_fields=["message", "side"],
        update_fields=["emoji", "at"],
    )
    return True
