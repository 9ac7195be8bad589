from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0009_partly_live'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='providerevent',
            name='event_quarantined',
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('state__in', ['quarantined', 'held', 'ignored'])), fields=['account', 'state', '-id'], name='event_set_aside'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('state__in', ['quarantined', 'held'])), fields=['inbox', 'state', 'id'], name='event_of_inbox_set_aside'),
        ),
    ]
