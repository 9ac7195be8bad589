"""How far an inbox is open: the one way its state changes."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.hours import Week, written
from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from conversations.choices import OPEN_INBOX_STATES, InboxState
from conversations.inboxes.selectors.progress import progress_of, states_after
from conversations.live import events
from conversations.models import Inbox


@transaction.atomic
def set_inbox_state(
    inbox: Inbox,
    state: str,
    *,
    actor: User | None,
    hours: Week | None = None,
    members: Collection[int] = (),
) -> Inbox:
    """Open, narrow, try or close an inbox. Raises SettingRefusedError.

    `hours` and `members` (memberships) are what PARTIAL is narrowed to; it needs one.
    """
    lock(inbox.account_id)
    inbox = (
        Inbox.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account", "queue", "connection")
        .get(pk=inbox.pk)
    )
    _refuse(inbox, state)
    if state == InboxState.PARTIAL:
        _narrow(inbox, hours or {}, members, actor=actor)
    change_row(inbox, {"state": state}, actor=actor, action="inbox.state")
    events.inbox_changed(inbox)
    return inbox


def _refuse(inbox: Inbox, state: str) -> None:
    if state == inbox.state and state != InboxState.PARTIAL:
        return
    if state not in {inbox.state, *states_after(inbox)}:
        raise SettingRefusedError(_("This inbox cannot be set to that now."))
    progress = progress_of(inbox)
    if state == InboxState.TEST and progress.missing:
        raise SettingRefusedError(_("Fill in what connects it to the provider first."))
    if state in OPEN_INBOX_STATES and progress.obstacle:
        raise SettingRefusedError(progress.obstacle)


def _narrow(
    inbox: Inbox, hours: Week, members: Collection[int], *, actor: User | None
) -> None:
    chosen = Membership.objects.active().filter(
        account_id=inbox.account_id, pk__in=members
    )
    stored = written(hours)
    if not stored and not chosen:
        raise SettingRefusedError(_("Choose hours, members or both."))
    change_row(inbox, {"partial_hours": stored}, actor=actor, action="inbox.partial")
    before = list(inbox.partial_members.order_by("pk"))
    after = list(chosen.order_by("pk"))
    if before != after:
        inbox.partial_members.set(after)
        log.record(
            "inbox.partial",
            inbox,
            actor=actor,
            before={"members": [one.user.name for one in before]},
            after={"members": [one.user.name for one in after]},
        )
