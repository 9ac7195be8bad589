"""The earlier texts of edited messages that stood in their JSON become rows."""

from django.db import migrations

from conversations.migrations._windows import in_windows

_COPY = """
with old as (
    select id, account_id, data from conversations_message
    where id between %(first)s and %(last)s
    and data ?| array['earlier', 'edited_at']
    for no key update
)
insert into conversations_messageedit (account_id, message_id, body, edited_at)
select account_id, id, coalesce(one->>'body', ''), (one->>'until')::timestamptz
from old, jsonb_array_elements(
    case jsonb_typeof(data->'earlier') when 'array' then data->'earlier' else '[]' end
) one
where one ? 'until'
on conflict (message_id, edited_at) do nothing
"""
_CLEAR = """
update conversations_message set data = data - array['earlier', 'edited_at']
where id between %(first)s and %(last)s
and data ?| array['earlier', 'edited_at']
"""
_PUT_BACK = """
update conversations_message as message
set data = data || jsonb_build_object('earlier', earlier, 'edited_at', newest)
from (
    select message_id, max(edited_at) newest,
        jsonb_agg(
            jsonb_build_object('body', body, 'until', edited_at) order by edited_at
        ) earlier
    from conversations_messageedit
    where message_id between %(first)s and %(last)s
    group by message_id
) as row
where row.message_id = message.id
"""
_DELETE = """
delete from conversations_messageedit
where message_id between %(first)s and %(last)s
"""


def move(apps, schema_editor):
    in_windows(_COPY, _CLEAR)


def put_back(apps, schema_editor):
    in_windows(_PUT_BACK, _DELETE)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0029_message_edit"),
    ]

    operations = [migrations.RunPython(move, put_back, elidable=True)]
