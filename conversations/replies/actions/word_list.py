from collections.abc import Sequence

from django.db import transaction

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit.changes import change_row
from conversations.models import WordList


@transaction.atomic
def change_word_list(
    account: ClientAccount, *, actor: User | None, lines: Sequence[str]
) -> bool:
    """What people of the account are warned of; False where nothing differs."""
    lock(account.pk)
    row, _is_new = WordList.objects.get_or_create(account=account)
    return change_row(
        row,
        {"lines": list(lines)},
        actor=actor,
        action="word_list.changed",
        account_id=account.pk,
    )
