from django.db import transaction

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit.changes import change_row
from customers.models import ImportSettings


@transaction.atomic
def change_import_settings(
    account: ClientAccount, *, actor: User | None, fillers: str, shared_limit: int
) -> ImportSettings:
    """How the files of this account are read from now on; what was imported stays."""
    lock(account.pk)
    row, _is_new = ImportSettings.objects.get_or_create(account=account)
    change_row(
        row,
        {"fillers": fillers, "shared_limit": shared_limit},
        actor=actor,
        action="import_settings.changed",
    )
    return row
