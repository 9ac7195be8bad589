from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0023_visitor_signed_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="webchatsettings",
            name="allow_null_origin",
            field=models.BooleanField(
                default=False, verbose_name="pages without an address"
            ),
        ),
    ]
