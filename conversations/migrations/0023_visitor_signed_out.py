from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0022_poisoned_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitor",
            name="signed_out_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
