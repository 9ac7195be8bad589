from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0019_internal_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="wrap_up",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
