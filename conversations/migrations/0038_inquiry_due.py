import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    """The order of the list is made of generated columns, which are made anew."""

    dependencies = [
        ('conversations', '0037_list_repeats'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='inquiry',
            name='inquiry_open_list',
        ),
        migrations.RemoveIndex(
            model_name='inquiry',
            name='inquiry_owner_list',
        ),
        migrations.RemoveIndex(
            model_name='inquiry',
            name='inquiry_unassigned_list',
        ),
        migrations.AddField(
            model_name='inquiry',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='due_soon_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='on_call',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='waits_live',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveField(
            model_name='inquiry',
            name='list_group',
        ),
        migrations.RemoveField(
            model_name='inquiry',
            name='list_moment',
        ),
        migrations.AddField(
            model_name='inquiry',
            name='list_group',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(on_call=True, then=models.Value(0)), models.When(then=models.Value(3), waiting_since__isnull=True), models.When(then=models.Value(1), waits_live=True), default=models.Value(2)), output_field=models.SmallIntegerField()),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='list_moment',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(then=models.F('last_activity_at'), waiting_since__isnull=True), default=django.db.models.functions.comparison.Coalesce('due_at', 'waiting_since')), output_field=models.DateTimeField()),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending'])), fields=['account', 'list_group', 'list_moment', 'id'], name='inquiry_open_list'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending'])), fields=['owner', 'list_group', 'list_moment', 'id'], include=('snoozed_until', 'is_test'), name='inquiry_owner_list'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending']), ('owner__isnull', True)), fields=['account', 'list_group', 'list_moment', 'id'], include=('snoozed_until', 'is_test'), name='inquiry_unassigned_list'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending']), ('due_at__isnull', True), ('waiting_since__isnull', False)), fields=['id'], name='inquiry_without_due'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('on_call', True)), fields=['id'], name='inquiry_on_call'),
        ),
    ]
