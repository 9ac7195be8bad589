"""Taking away a draft that came to nothing."""

from django.db import transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import User
from agentdesk.audit import log
from agentdesk.audit.models import AuditEntry
from conversations.choices import OPEN_INBOX_STATES, EventState, InboxState
from conversations.models import Call, Delivery, Inbox, Message, ProviderEvent, Reach

# Of an event in one of these nothing is left to be done, and nothing came of it.
_OVER = {EventState.PROCESSED, EventState.IGNORED, EventState.DISCARDED}


@transaction.atomic
def delete_inbox(inbox: Inbox, *, actor: User | None) -> None:
    """Raises SettingRefusedError: it is no draft, was open once, or holds something."""
    lock(inbox.account_id)
    # Not "no_key": an event that is being stored waits, and finds no inbox.
    inbox = Inbox.objects.select_for_update(of=("self",)).get(pk=inbox.pk)
    if inbox.state != InboxState.DRAFT:
        raise SettingRefusedError(_("Only a draft can be deleted."))
    if _was_open(inbox):
        raise SettingRefusedError(
            _("It was live once, so its history stays. As a draft it reaches nobody.")
        )
    if _holds_something(inbox):
        raise SettingRefusedError(
            _(
                "Messages have come to it (a test's count too), so it stays. As a draft "
                "it reaches nobody."
            )
        )
    before = {"name": inbox.name, "channel": inbox.channel}
    log.record("inbox.deleted", inbox, actor=actor, before=before)
    ProviderEvent.objects.filter(inbox=inbox).delete()
    inbox.delete()


def _was_open(inbox: Inbox) -> bool:
    entries = AuditEntry.objects.filter(
        target_type=inbox._meta.label_lower, target_id=inbox.pk, action="inbox.state"
    )
    return any(
        values.get("state") in OPEN_INBOX_STATES
        for entry in entries
        for values in (entry.before, entry.after)
    )


def _holds_something(inbox: Inbox) -> bool:
    models = (Reach, Message, Delivery, Call)
    if any(model._default_manager.filter(inbox=inbox).exists() for model in models):
        return True
    return ProviderEvent.objects.filter(inbox=inbox).exclude(state__in=_OVER).exists()
