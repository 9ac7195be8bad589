"""By when an answer is due, where nobody has said so yet, or the hours are others now."""

from datetime import datetime
from typing import Any

from django.db import transaction

from agentdesk.accounts.models import ClientAccount
from agentdesk.bulk_update import save_all
from conversations.inquiries.actions.activity import DUE
from conversations.live import events
from conversations.models import Inquiry
from conversations.routing.due import due_of

AT_ONCE = 500


@transaction.atomic
def fill_due(now: datetime) -> int:
    """Of those who wait without one; a second run finds nothing."""
    rows = Inquiry.objects.open().filter(
        waiting_since__isnull=False, due_at__isnull=True
    )
    found = list(
        rows.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("account", "conversation")
        .order_by("pk")[:AT_ONCE]
    )
    for inquiry in found:
        channel = inquiry.conversation.last_channel
        due = due_of(inquiry.account, channel, inquiry.waiting_since or now)
        inquiry.due_at, inquiry.due_soon_at = due.at, due.soon
        inquiry.waits_live = inquiry.waits_live or due.is_live
    save_all(found, DUE)
    for inquiry in {one.account_id: one for one in found}.values():
        events.list_changed(inquiry)
    return len(found)


def forget_due(account: ClientAccount, **_signal: Any) -> None:
    """Its hours are others now: what is due is reckoned anew."""
    waiting = Inquiry.objects.open().filter(
        account=account, waiting_since__isnull=False
    )
    waiting.update(due_at=None, due_soon_at=None)
