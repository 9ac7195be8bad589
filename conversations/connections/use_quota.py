"""The month's messages of an inbox: what the provider says, and what we use meanwhile."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from conversations.adapters.failures import SendError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import OPEN_INBOX_STATES, InboxState
from conversations.connections.note_sign_in import note_accepted, note_refused
from conversations.connections.renew_secrets import connected
from conversations.models import Inbox, InboxConnection


def metered_inboxes() -> Sequence[int]:
    """Those in use whose provider counts messages."""
    channels = [
        channel for channel, one in ADAPTERS.items() if one.capabilities.has_quota
    ]
    rows = Inbox.objects.filter(
        channel__in=channels,
        state__in=[*OPEN_INBOX_STATES, InboxState.TEST],
        connection__isnull=False,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def refresh_quota(pk: int) -> InboxConnection | None:
    """Ask the provider. A sign-in it refuses is shown at the inbox, until it is good."""
    inbox = Inbox.objects.select_related("connection", "account").get(pk=pk)
    try:
        quota = connected(inbox).quota()
    except SendError as error:
        note_refused(pk, error)
        return None
    note_accepted(pk)
    return _store(inbox, quota.limit, quota.used)


@transaction.atomic
def _store(inbox: Inbox, limit: int | None, used: int) -> InboxConnection:
    stored = InboxConnection.objects.select_for_update(no_key=True).get(inbox=inbox)
    stored.quota_limit, stored.quota_used = limit, used
    stored.quota_at = timezone.now()
    stored.save(update_fields=["quota_limit", "quota_used", "quota_at"])
    return stored


def note_used(inbox_id: int, count: int) -> None:
    """Ours, until the provider is asked again: it tells late."""
    if count:
        InboxConnection.objects.filter(inbox=inbox_id, quota_used__isnull=False).update(
            quota_used=F("quota_used") + count
        )


def note_used_up(inbox_id: int) -> None:
    """The provider takes no more this month: replies are refused before they are sent."""
    known = Coalesce(F("quota_limit"), F("quota_used"), 0)
    InboxConnection.objects.filter(inbox=inbox_id).update(
        quota_limit=known, quota_used=known
    )
