"""What came while an inbox was not open is taken up once it is, in the order it came."""

from django.db import transaction

from conversations.choices import OPEN_INBOX_STATES, EventState
from conversations.models import Inbox, ProviderEvent

BATCH = 200


@transaction.atomic
def release_held(inbox_pk: int) -> list[int]:
    """The oldest events that are held, now pending; none once the inbox is shut again.

    What dies between here and its processing is found by the sweep of pending events.
    """
    is_open = Inbox.objects.filter(pk=inbox_pk, state__in=OPEN_INBOX_STATES).exists()
    if not is_open:
        return []
    rows = (
        ProviderEvent.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(inbox_id=inbox_pk, state=EventState.HELD)
        .order_by("id")
    )
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    ProviderEvent.objects.filter(pk__in=ids).update(
        state=EventState.PENDING, processed_at=None
    )
    return ids


def inboxes_that_hold() -> list[int]:
    """Open inboxes with events that are held all the same: a race, or a lost task."""
    held = ProviderEvent.objects.filter(
        inbox__state__in=OPEN_INBOX_STATES, state=EventState.HELD
    )
    return list(held.order_by().values_list("inbox_id", flat=True).distinct())
