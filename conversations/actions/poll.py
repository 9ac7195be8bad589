"""Asking providers for what their webhooks failed to bring, and for replies gone missing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agentdesk.audit import log
from conversations.actions.receive_event import apply_notice, is_known
from conversations.actions.receive_receipt import note_taken
from conversations.actions.renew_secrets import connected
from conversations.actions.settle_delivery import locked_reply, settle
from conversations.actions.store_events import insert_events
from conversations.adapters.base import Adapter, Part, Sent
from conversations.adapters.events import Notice
from conversations.adapters.failures import SendError
from conversations.adapters.raw import RawEvent
from conversations.adapters.registry import ADAPTERS, is_offered
from conversations.choices import (
    OPEN_INBOX_STATES,
    AttemptOutcome,
    DeliveryState,
    FailureCode,
    InboxState,
)
from conversations.models import (
    Delivery,
    DeliveryAttempt,
    Inbox,
    InboxConnection,
)
from conversations.selectors.outbound import outbound_of

# What a provider lists late is found by looking back this far beyond the last poll.
OVERLAP = timedelta(minutes=10)
# Longer than a poll takes: a claim this old was left by a worker that died.
CLAIM = timedelta(minutes=5)
# A reply that has not turned up by then has not been taken.
PATIENCE = timedelta(hours=1)
_POLLED = (InboxState.TEST, *OPEN_INBOX_STATES)


def inboxes_to_poll() -> list[int]:
    channels = [
        channel
        for channel, adapter in ADAPTERS.items()
        if is_offered(channel)
        and (adapter.capabilities.polls or adapter.capabilities.finds_sent)
    ]
    rows = Inbox.objects.filter(
        channel__in=channels, state__in=_POLLED, connection__isnull=False
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def poll_inbox(pk: int) -> Sequence[int]:
    """Keep what is new, with its numbers; a second run at the same time does nothing."""
    began = timezone.now()
    inbox = _claim(pk, now=began)
    if inbox is None:
        return []
    adapter = connected(inbox)
    try:
        find_lost(inbox, adapter, now=began)
        events = _asked(inbox, adapter, now=began)
    except SendError as error:
        _give_up(inbox, error)
        return []
    return _keep(inbox, events, began=began)


@transaction.atomic
def _claim(pk: int, *, now: datetime) -> Inbox | None:
    kept = (
        InboxConnection.objects.select_for_update(
            of=("self",), no_key=True, skip_locked=True
        )
        .select_related("inbox__account")
        .filter(pk=pk, inbox__state__in=_POLLED)
        .first()
    )
    if kept is None:
        return None
    since = kept.facts.get("polling_since")
    if since and datetime.fromisoformat(since) > now - CLAIM:
        return None
    kept.facts = {**kept.facts, "polling_since": now.isoformat()}
    kept.save(update_fields=["facts"])
    return kept.inbox


def _asked(inbox: Inbox, adapter: Adapter, *, now: datetime) -> list[RawEvent]:
    if not adapter.capabilities.polls:
        return []
    until = inbox.connection.facts.get("polled_until")
    since = (datetime.fromisoformat(until) if until else now) - OVERLAP
    return [
        event
        for event in adapter.poll(since)
        if not event.about or is_known(inbox, event.about)
    ]


@transaction.atomic
def _keep(
    inbox: Inbox, events: Sequence[RawEvent], *, began: datetime
) -> Sequence[int]:
    kept = InboxConnection.objects.select_for_update(no_key=True).get(pk=inbox.pk)
    kept.facts = {**kept.facts, "polled_until": began.isoformat()}
    kept.facts.pop("polling_since", None)
    kept.save(update_fields=["facts"])
    if kept.trouble == FailureCode.CREDENTIALS:  # it lets us in again
        over = Notice(kept.trouble, is_trouble=False)
        apply_notice(inbox, over, received_at=began)
    return insert_events(inbox, events)


@transaction.atomic
def _give_up(inbox: Inbox, error: SendError) -> None:
    """Until the next time; what an admin has to see to is told."""
    kept = InboxConnection.objects.select_for_update(no_key=True).get(pk=inbox.pk)
    kept.facts.pop("polling_since", None)
    kept.save(update_fields=["facts"])
    if error.permanent:
        notice = Notice(error.code, error.detail)
        apply_notice(inbox, notice, received_at=timezone.now())


def find_lost(inbox: Inbox, adapter: Adapter, *, now: datetime) -> None:
    """Replies whose request had no answer: whether the provider has them all the same.

    Raises SendError.
    """
    if not adapter.capabilities.finds_sent:
        return
    lost = Delivery.objects.filter(
        inbox=inbox, state=DeliveryState.UNKNOWN, claimed_at__gte=now - PATIENCE
    )
    for delivery in lost.select_related("message__identity").order_by("pk")[:50]:
        part = Part(delivery.payload, is_keyed=delivery.is_keyed, file=delivery.file)
        outbound = outbound_of(delivery.message)
        since = delivery.claimed_at or now
        found = adapter.find_sent(outbound, part, since=since)
        _settle_found(inbox, delivery, found)


@transaction.atomic
def _settle_found(inbox: Inbox, lost: Delivery, found: Sequence[Sent]) -> None:
    """Only where there is one it can be: of two alike an agent decides."""
    reply = locked_reply(lost.message_id)
    delivery = reply.delivery(lost.pk)
    alike = Delivery.objects.filter(
        inbox=inbox, state=DeliveryState.UNKNOWN, payload=delivery.payload
    ).exclude(pk=delivery.pk)
    unclaimed = [
        one for one in found if not any(is_known(inbox, id) for id in one.message_ids)
    ]
    if delivery.state != DeliveryState.UNKNOWN or len(unclaimed) != 1 or alike.exists():
        return
    note_taken(delivery, list(unclaimed[0].message_ids))
    DeliveryAttempt.objects.create(
        delivery=delivery,
        at=timezone.now(),
        duration_ms=0,
        outcome=AttemptOutcome.ACCEPTED,
        detail="found at the provider",
    )
    log.record("message.found", reply.message, actor=None)
    settle(reply, at=timezone.now())
