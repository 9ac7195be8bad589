from agentdesk.accounts.models import ClientAccount
from agentdesk.audit.models import AuditEntry


def recent_entries(
    account: ClientAccount, prefix: str, *, count: int = 20
) -> list[AuditEntry]:
    """The newest entries of one kind (`reason.`), for the page they belong to."""
    entries = AuditEntry.objects.filter(account=account, action__startswith=prefix)
    return list(entries.select_related("actor")[:count])
