from django import template

from agentdesk.audit.entries import Change, changes
from agentdesk.audit.models import AuditEntry
from agentdesk.audit.names import action_name, target_name

register = template.Library()

register.filter("action_name", action_name)
register.filter("target_name", target_name)


@register.filter
def changes_of(entry: AuditEntry) -> list[Change]:
    return changes(entry)
