"""What admins decide about events that were set aside: run again, or discard."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from conversations.choices import EventLane, EventState
from conversations.inboxes.selectors.quarantine import MOST_AT_ONCE
from conversations.models import ProviderEvent

# Those an admin can decide about. A held one waits for its inbox.
DECIDABLE = (EventState.QUARANTINED, EventState.IGNORED)


@transaction.atomic
def note_look(event: ProviderEvent, *, actor: User) -> None:
    """Reading what a customer wrote to us by a way round the desk is logged."""
    log.record("event.read", event, actor=actor, after={"inbox": event.inbox.name})


@transaction.atomic
def run_again(
    account: ClientAccount, ids: Sequence[int], *, actor: User | None
) -> list[int]:
    """Those that can be are pending again; the numbers to be processed, oldest first."""
    chosen = _chosen(account, ids)
    for event in chosen:
        event.state, event.attempts, event.retry_at = EventState.PENDING, 0, None
        event.processed_at, event.begun, event.lane = None, 0, EventLane.MESSAGE
        event.save(
            update_fields=[
                *("state", "attempts", "retry_at"),
                *("processed_at", "begun", "lane"),
            ]
        )
        log.record("event.run_again", event, actor=actor, after=_named(event))
    return [event.pk for event in chosen]


@transaction.atomic
def discard(
    account: ClientAccount, ids: Sequence[int], *, actor: User | None
) -> list[int]:
    """They stay in the database, and are shown no more."""
    chosen = _chosen(account, ids)
    for event in chosen:
        event.state, event.processed_at = EventState.DISCARDED, timezone.now()
        event.save(update_fields=["state", "processed_at"])
        log.record("event.discarded", event, actor=actor, after=_named(event))
    return [event.pk for event in chosen]


def _chosen(account: ClientAccount, ids: Sequence[int]) -> list[ProviderEvent]:
    return list(
        ProviderEvent.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inbox")
        .filter(account=account, pk__in=ids, state__in=DECIDABLE)
        .order_by("pk")[:MOST_AT_ONCE]
    )


def _named(event: ProviderEvent) -> dict[str, str]:
    return {"inbox": event.inbox.name, "why": event.reason}
