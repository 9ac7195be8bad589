from django.db import migrations

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
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
