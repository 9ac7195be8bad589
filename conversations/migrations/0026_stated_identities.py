"""What visitors of a web chat stated was stored as identities of theirs: claims from now on.

An identity stays where anything was written, called or joined by it. Each batch is a
transaction of its own, and a second run finds nothing left.
"""

from django.db import migrations, transaction
from django.db.models import Q

_BATCH = 500
_INDEX = "message_of_stated_identity"


def claim_what_was_stated(apps, schema_editor):
    rows = apps.get_model("customers", "Identity").objects.filter(
        source="webchat", kind__in=["email", "phone"], verified=False, scope=""
    )
    last = 0
    while True:
        with transaction.atomic():
            batch = list(
                rows.filter(pk__gt=last)
                .select_for_update(no_key=True)
                .order_by("pk")[:_BATCH]
            )
            if not batch:
                return
            last = batch[-1].pk
            _claim(apps, batch)


def _claim(apps, batch):
    used = _used(apps, batch)
    stated = [one for one in batch if one.pk not in used]
    claim = apps.get_model("customers", "Claim")
    claim.objects.bulk_create(
        (
            claim(
                account_id=one.account_id,
                customer_id=one.customer_id,
                kind=one.kind,
                value=one.value,
                raw=one.raw,
                source=one.source,
            )
            for one in stated
        ),
        ignore_conflicts=True,
    )
    identity = apps.get_model("customers", "Identity")
    identity.objects.filter(pk__in=[one.pk for one in stated]).delete()


def _used(apps, batch):
    """By which something came or went: those established themselves since."""
    used = set()
    for name in ("Message", "Reach", "Joining"):
        rows = apps.get_model("conversations", name).objects
        used |= set(
            rows.filter(identity__in=batch).values_list("identity_id", flat=True)
        )
    called = apps.get_model("conversations", "Call").objects.filter(
        conversation__customer__in={one.customer_id for one in batch}
    )
    numbers = {
        (customer, number)
        for customer, *both in called.values_list(
            "conversation__customer_id", "from_number", "to_number"
        )
        for number in both
    }
    return used | {one.pk for one in batch if (one.customer_id, one.value) in numbers}


class Migration(migrations.Migration):
    # The index is for this migration alone: no message is looked up by its identity.
    atomic = False

    dependencies = [
        ("conversations", "0025_call_rings"),
        ("customers", "0006_claim_search"),
    ]

    operations = [
        migrations.RunSQL(
            f"create index concurrently if not exists {_INDEX} "
            "on conversations_message (identity_id) where identity_id is not null",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(claim_what_was_stated, migrations.RunPython.noop),
        migrations.RunSQL(
            f"drop index concurrently if exists {_INDEX}", migrations.RunSQL.noop
        ),
    ]
