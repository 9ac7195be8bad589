from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0018_event_lane"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="is_internal",
            field=models.BooleanField(default=False),
        ),
    ]
