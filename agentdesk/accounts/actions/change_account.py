from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.accounts.signals import hours_changed
from agentdesk.audit.changes import change_row

FIELDS = frozenset(
    {
        "name",
        "colour",
        "locale",
        "time_zone",
        "phone_region",
        "phone_number",
        "reopen_hours",
    }
)


@transaction.atomic
def change_account(
    account: ClientAccount, *, actor: User | None, values: Mapping[str, Any]
) -> bool:
    """Change general settings of the account; False where nothing differs."""
    is_changed = change_row(
        account,
        {name: value for name, value in values.items() if name in FIELDS},
        actor=actor,
        action="account.changed",
        account_id=account.pk,
    )
    if is_changed and "time_zone" in values:
        hours_changed.send(ClientAccount, account=account)
    return is_changed
