"""What has happened to messages since they were written, read along with them."""

from django.db.models import BooleanField, JSONField, QuerySet
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
_SIGNS = """
select jsonb_agg(
    jsonb_build_object(
        'emoji', sign.emoji, 'user', person.id,
        'name', coalesce(nullif(person.family_name, ''), person.email)
    ) order by sign.at
)
from conversations_notereaction sign
join accounts_membership place on place.id = sign.member_id
join accounts_user person on person.id = place.user_id
where sign.message_id = conversations_message.id
and conversations_message.kind = 'note'
"""
_MENTIONED = """
select jsonb_agg(
    jsonb_build_object(
        'user', person.id, 'family', person.family_name, 'given', person.given_name,
        'family_kana', person.family_kana, 'given_kana', person.given_kana
    )
)
from conversations_mention named
join accounts_membership place on place.id = named.member_id
join accounts_user person on person.id = place.user_id
where named.message_id = conversations_message.id
and conversations_message.kind = 'note'
"""
_PINNED = """
exists (select from conversations_pin where message_id = conversations_message.id)
"""


def with_changes(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Each with `shown_reactions`, ours first, and its `earlier_texts`, oldest first;
    what members have put on it: `note_signs`, whom a note has `mentioned`, `is_pinned`.

    None where there are none. They come in the same statement, for most messages have
    none, and each page of a thread would pay two queries to learn that. Written out,
    for Django takes longer to build these subqueries than PostgreSQL to run them.
    """
    field = JSONField()
    return messages.annotate(
        shown_reactions=RawSQL(_REACTIONS, (), field),  # noqa: S611  # no value stands in it
        earlier_texts=RawSQL(_EDITS, (), field),  # noqa: S611  # no value stands in it
        note_signs=RawSQL(_SIGNS, (), field),  # noqa: S611  # no value stands in it
        mentioned=RawSQL(_MENTIONED, (), field),  # noqa: S611  # no value stands in it
        is_pinned=RawSQL(_PINNED, (), BooleanField()),  # noqa: S611  # no value stands in it
    )
