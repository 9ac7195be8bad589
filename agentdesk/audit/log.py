"""Writing the audit log. Called inside the transaction of the change itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from agentdesk.accounts.models import User
from agentdesk.audit.models import AuditEntry
from agentdesk.audit.origin import current_address


def record(
    action: str,
    target: models.Model,
    *,
    actor: User | None,
    account_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry. `actor` None is the system; `before`/`after` are JSON-ready.

    The account is the target's own unless given; secrets never go in.
    """
    written = entry(
        action, target, actor=actor, account_id=account_id, before=before, after=after
    )
    written.save(force_insert=True)
    return written


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Append many entries, made by `entry`, at once."""
    AuditEntry.objects.bulk_create(entries)


def entry(
    action: str,
    target: models.Model,
    *,
    actor: User | None,
    account_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """An entry that is not written yet."""
    if account_id is None:
        account_id = getattr(target, "account_id", None)
    return AuditEntry(
        account_id=account_id,
        actor=actor,
        action=action,
        target_type=target._meta.label_lower,
        target_id=target.pk,
        target_label=str(target)[:200],
        before=dict(before or {}),
        after=dict(after or {}),
        address=current_address(),
    )
