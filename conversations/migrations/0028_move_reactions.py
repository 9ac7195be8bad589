"""Reactions that stood in a message's JSON become rows."""

from django.db import migrations

from conversations.migrations._windows import in_windows

_COPY = """
with old as (
    select id, account_id, occurred_at, data from conversations_message
    where id between %(first)s and %(last)s
    and data ?| array['reactions', 'reacted_at']
    for no key update
)
insert into conversations_messagereaction (account_id, message_id, side, emoji, at)
select account_id, id, side,
    left(coalesce(data->'reactions'->>side, ''), 16),
    coalesce((data->'reacted_at'->>side)::timestamptz, occurred_at)
from old, unnest(array['customer', 'us']) side
where data->'reactions' ? side or data->'reacted_at' ? side
on conflict (message_id, side) do nothing
"""
_CLEAR = """
update conversations_message set data = data - array['reactions', 'reacted_at']
where id between %(first)s and %(last)s
and data ?| array['reactions', 'reacted_at']
"""
_PUT_BACK = """
update conversations_message as message
set data = data || jsonb_build_object('reactions', shown, 'reacted_at', times)
from (
    select message_id,
        coalesce(jsonb_object_agg(side, emoji) filter (where emoji <> ''), '{}') shown,
        jsonb_object_agg(side, at) times
    from conversations_messagereaction
    where message_id between %(first)s and %(last)s
    group by message_id
) as row
where row.message_id = message.id
"""
_DELETE = """
delete from conversations_messagereaction
where message_id between %(first)s and %(last)s
"""


def move(apps, schema_editor):
    in_windows(_COPY, _CLEAR)


def put_back(apps, schema_editor):
    in_windows(_PUT_BACK, _DELETE)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0027_message_reaction"),
    ]

    operations = [migrations.RunPython(move, put_back, elidable=True)]
