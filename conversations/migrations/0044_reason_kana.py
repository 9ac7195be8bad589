from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0042_marks'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactreason',
            name='kana',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='reading'),
        ),
    ]
