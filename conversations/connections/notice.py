"""What a provider says about an inbox itself, shown where the inbox is looked after."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from agentdesk.audit import log
from conversations.adapters.events import (
    Notice,
)
from conversations.live import events
from conversations.models import (
    Inbox,
    InboxConnection,
)


def apply_notice(inbox: Inbox, told: Notice, *, received_at: datetime) -> None:
    """The provider speaks of the inbox itself: its overview says so."""
    rows = InboxConnection.objects.filter(inbox=inbox)
    if told.is_trouble:
        unlike = ~Q(trouble=told.code[:40])
        changed = rows.filter(unlike).update(
            trouble=told.code[:40],
            trouble_detail=told.detail[:300],
            trouble_since=timezone.now(),
        )
    else:
        changed = rows.filter(trouble=told.code[:40]).update(
            trouble="", trouble_detail="", trouble_since=None
        )
    if changed:
        log.record("inbox.notice", inbox, actor=None, after={"code": told.code})
        events.inbox_changed(inbox)
