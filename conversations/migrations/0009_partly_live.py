import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_session'),
        ('conversations', '0008_inbox_hour'),
    ]

    operations = [
        migrations.AddField(
            model_name='inbox',
            name='hours',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='inbox',
            name='partial_hours',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='inbox',
            name='partial_members',
            field=models.ManyToManyField(blank=True, related_name='+', to='accounts.membership'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='partial_inbox',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.inbox'),
        ),
    ]
