"""What has happened to messages since they were written, read along with them."""

from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from conversations.models import Message

_REACTIONS = """
select jsonb_agg(jsonb_build_object('side', side, 'emoji', emoji) order by side desc)
from conversations_messagereaction
where message_id = conversations_message.id and emoji <> ''
"""
_EDITS = """
select jsonb_agg(
    jsonb_build_object('body', edit.body, 'until', edited_at) order by edited_at
)
from conversations_messageedit edit where message_id = conversations_message.id
"""


def with_changes(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Each with `shown_reactions`, ours first, and its `earlier_texts`, oldest first.

    None where there are none. They come in the same statement, for most messages have
    none, and each page of a thread would pay two queries to learn that. Written out,
    for Django takes longer to build these subqueries than PostgreSQL to run them.
    """
    field = JSONField()
    return messages.annotate(
        shown_reactions=RawSQL(_REACTIONS, (), field),  # noqa: S611  # no value stands in it
        earlier_texts=RawSQL(_EDITS, (), field),  # noqa: S611  # no value stands in it
    )
