"""What a provider has answered to a failed reply gets its column, out of the JSON."""

from django.db import migrations

from conversations.migrations._windows import in_windows

_MOVE = """
update conversations_message set
    failure_detail = coalesce(
        nullif(failure_detail, ''), left(data->>'failure_detail', 300), ''
    ),
    data = data - 'failure_detail'
where id between %(first)s and %(last)s and data ? 'failure_detail'
"""
_PUT_BACK = """
update conversations_message set
    data = data || jsonb_build_object('failure_detail', failure_detail),
    failure_detail = ''
where id between %(first)s and %(last)s and failure_detail <> ''
"""


def move(apps, schema_editor):
    in_windows(_MOVE)


def put_back(apps, schema_editor):
    in_windows(_PUT_BACK)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0031_failure_detail"),
    ]

    operations = [migrations.RunPython(move, put_back, elidable=True)]
