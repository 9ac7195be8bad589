"""The one way to change the `data` of a message that is stored."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, TextField, Value

from conversations.models import Message


def merge_data(
    message: Message, changed: Mapping[str, Any], *, without: Iterable[str] = ()
) -> None:
    """Set some keys and remove others in the row itself: all else in it stays.

    Writing the whole of `message.data` would undo what somebody else has written since
    it was read. Where a new value depends on the old one, lock the message first.
    """
    removed = list(without)
    rest = Func(
        F("data"),
        Value(removed, output_field=ArrayField(TextField())),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=JSONField(),
    )
    merged = Func(
        rest,
        Value(dict(changed), output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
    Message.objects.filter(pk=message.pk).update(data=merged)
    remaining = {name: one for name, one in message.data.items() if name not in removed}
    message.data = {**remaining, **changed}
