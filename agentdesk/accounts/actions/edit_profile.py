from typing import Any

from django.db import transaction

from agentdesk.accounts.models import User
from agentdesk.audit import log


@transaction.atomic
def edit_profile(user: User, *, actor: User, values: dict[str, Any]) -> User:
    """Set those of the user's own fields that differ from what they are."""
    stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = {name: getattr(stored, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return stored
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(changed))
    log.record(
        "user.edited",
        stored,
        actor=actor,
        before={name: before[name] for name in changed},
        after=changed,
    )
    return stored
