from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0033_mails_of_a_conversation"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                models.F("conversation"),
                KeyTransform("id", KeyTransform("speaker", "data")),
                condition=models.Q(("data__has_key", "speaker")),
                name="message_speaker",
            ),
        ),
    ]
