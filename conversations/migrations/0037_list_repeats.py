import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_0003_user_kana'),
        ('conversations', '0001_squashed_0036_channel_choices'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='is_unread',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='conversation',
            name='last_author',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='last_direction',
            field=models.CharField(blank=True, choices=[('inbound', 'From the customer'), ('outbound', 'To the customer'), ('internal', 'Internal')], db_default='', default='', max_length=8),
        ),
    ]
