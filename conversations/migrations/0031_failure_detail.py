from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0030_move_edits"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="failure_detail",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300
            ),
        ),
    ]
