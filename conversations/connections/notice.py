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


def apply_notice(inbox: Inbox, notice: Notice, *, received_at: datetime) -> None:
    """The provider speaks of the inbox itself: its overview says so."""
    rows = InboxConnection.objects.filter(inbox=inbox)
    if notice.is_trouble:
        unlike = ~Q(trouble=notice.code[:40])
        changed = rows.filter(unlike).update(
            trouble=notice.code[:40],
            trouble_detail=notice.detail[:300],
            trouble_since=timezone.now(),
        )
    else:
        changed = rows.filter(trouble=notice.code[:40]).update(
            trouble="", trouble_detail="", trouble_since=None
        )
    if changed:
        log.record("inbox.notice", inbox, actor=None, after={"code": notice.code})
        events.inbox_changed(inbox)
