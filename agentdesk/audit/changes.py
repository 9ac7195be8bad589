"""Changing fields of a row together with the audit entry that tells of it."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import models

from agentdesk.accounts.models import User
from agentdesk.audit import log


def change_row(
    row: models.Model,
    values: Mapping[str, Any],
    *,
    actor: User | None,
    action: str,
    account_id: int | None = None,
) -> bool:
    """Lock `row`, write what differs, record before and after of just that.

    False, and no entry, when nothing differs: a change sent twice is one change.
    To be called inside a transaction.
    """
    row.refresh_from_db(
        from_queryset=type(row)._default_manager.select_for_update(
            of=("self",), no_key=True
        )
    )
    before, after = {}, {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            before[name], after[name] = _plain(old), _plain(value)
            setattr(row, name, value)
    if not after:
        return False
    row.save(update_fields=list(after))
    log.record(
        action, row, actor=actor, account_id=account_id, before=before, after=after
    )
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, models.Model) else value
