"""Addresses that became verified by the From field of a mail alone are so no more.

A mail that is confirmed by its server, or a member, verifies them anew.
"""

from django.db import migrations

BATCH = 5_000


def unverify_mail_senders(apps, schema_editor):
    """In batches by primary key; run again, it goes on with what is left."""
    Identity = apps.get_model("customers", "Identity")
    rows = Identity.objects.filter(kind="email", source="email", verified=True)
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        Identity.objects.filter(pk__in=ids).update(verified=False)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('customers', '0007_identity_doubted'),
    ]

    operations = [
        migrations.RunPython(
            unverify_mail_senders, migrations.RunPython.noop, elidable=True
        ),
    ]
