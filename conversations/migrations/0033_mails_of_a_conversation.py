from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0032_move_failure_detail"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("data__has_key", "email")),
                fields=["conversation", "-occurred_at"],
                name="message_mail",
            ),
        ),
    ]
