"""All migrations so far as one, for databases that are new.

One that runs already goes on by the old ones, until no desk stands before their last.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end $$;
create trigger audit_no_change before update or delete on audit_auditentry
    for each row execute function audit_is_append_only();
create trigger audit_no_truncate before truncate on audit_auditentry
    for each statement execute function audit_is_append_only();
"""

BACKWARD = """
drop trigger audit_no_change on audit_auditentry;
drop trigger audit_no_truncate on audit_auditentry;
drop function audit_is_append_only();
"""


class Migration(migrations.Migration):

    replaces = [
        ('audit', '0001_initial'),
        ('audit', '0002_append_only'),
        ('audit', '0003_newest'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_user_kana'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=60, verbose_name='what')),
                ('target_type', models.CharField(max_length=60)),
                ('target_id', models.BigIntegerField(null=True)),
                ('target_label', models.CharField(max_length=200, verbose_name='on what')),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('address', models.GenericIPAddressField(null=True, verbose_name='from')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['account', '-at', '-id'], name='audit_newest'), models.Index(fields=['target_type', 'target_id'], name='audit_target'), models.Index(fields=['-at', '-id'], name='audit_all_newest')],
            },
        ),
        # No row may change whatever the application does.
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
