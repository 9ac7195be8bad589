from collections.abc import Iterable

from django.db import transaction

from agentdesk.accounts.models import User
from agentdesk.audit import log
from agentdesk.audit.models import AuditEntry
from conversations.models import Message

_ACTION = "message.warned"


@transaction.atomic
def record_ignored_warnings(
    message: Message, *, actor: User | None, kinds: Iterable[str]
) -> None:
    """Keep what a person was told and sent nevertheless: the kinds, never the words."""
    warnings = sorted(set(kinds))
    entries = AuditEntry.objects.filter(
        target_type=message._meta.label_lower, target_id=message.pk, action=_ACTION
    )
    if warnings and not entries.exists():
        log.record(_ACTION, message, actor=actor, after={"warnings": warnings})
