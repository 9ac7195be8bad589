from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_session"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="family_kana",
            field=models.CharField(
                blank=True, max_length=60, verbose_name="family name, kana"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="given_kana",
            field=models.CharField(
                blank=True, max_length=60, verbose_name="given name, kana"
            ),
        ),
    ]
