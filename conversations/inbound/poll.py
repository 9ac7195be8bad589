"""Asking providers for what their webhooks failed to bring, and for replies gone missing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from agentdesk.audit import log
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
from conversations.connections.notice import apply_notice
from conversations.connections.renew_secrets import connected
from conversations.inbound.known import is_known
from conversations.inbound.store import insert_events
from conversations.models import (
    Delivery,
    DeliveryAttempt,
    Inbox,
    InboxConnection,
)
from conversations.outbound.compose import outbound_of
from conversations.outbound.settle import locked_reply, note_taken, settle
from conversations.sweeps.each import act_on_each, is_away, reason_of, resting_items

logger = structlog.get_logger(__name__)

# What a provider lists late is found by looking back this far beyond the last poll.
OVERLAP = timedelta(minutes=10)
# Longer than a poll takes: a claim this old was left by a worker that died.
CLAIM = timedelta(minutes=5)
# A reply that has not turned up by then has not been taken.
PATIENCE = timedelta(hours=1)
_FINDING = "replies without an answer"
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
    listed: list[RawEvent] = []
    try:
        adapter = connected(inbox)
        failure = find_lost(inbox, adapter, now=began)
        for event in _listed(inbox, adapter, now=began):
            listed.append(event)  # those before a failure are stored
    except Exception as error:
        if is_away(error):
            raise
        failure = _as_failure(inbox, error)
    if failure is None:
        return _finish(inbox, listed, began=began)
    _give_up(inbox, failure)
    return insert_events(inbox, listed)


def _as_failure(inbox: Inbox, error: Exception) -> SendError:
    if isinstance(error, SendError):
        return error
    logger.error("poll_failed", inbox=inbox.pk, exc_info=error)
    return SendError(FailureCode.PROVIDER, reason_of(error), permanent=False)


@transaction.atomic
def _claim(pk: int, *, now: datetime) -> Inbox | None:
    connection = (
        InboxConnection.objects.select_for_update(
            of=("self",), no_key=True, skip_locked=True
        )
        .select_related("inbox__account")
        .filter(pk=pk, inbox__state__in=_POLLED)
        .first()
    )
    if connection is None:
        return None
    since = connection.facts.get("polling_since")
    if since and datetime.fromisoformat(since) > now - CLAIM:
        return None
    connection.facts = {**connection.facts, "polling_since": now.isoformat()}
    connection.save(update_fields=["facts"])
    return connection.inbox


def _listed(inbox: Inbox, adapter: Adapter, *, now: datetime) -> Iterator[RawEvent]:
    if not adapter.capabilities.polls:
        return
    until = inbox.connection.facts.get("polled_until")
    since = (datetime.fromisoformat(until) if until else now) - OVERLAP
    for event in adapter.poll(since):
        if not event.about or is_known(inbox, event.about):
            yield event


@transaction.atomic
def _finish(
    inbox: Inbox, events: Sequence[RawEvent], *, began: datetime
) -> Sequence[int]:
    connection = InboxConnection.objects.select_for_update(no_key=True).get(pk=inbox.pk)
    connection.facts = {**connection.facts, "polled_until": began.isoformat()}
    connection.facts.pop("polling_since", None)
    connection.save(update_fields=["facts"])
    if connection.trouble == FailureCode.CREDENTIALS:  # it lets us in again
        over = Notice(connection.trouble, is_trouble=False)
        apply_notice(inbox, over, received_at=began)
    return insert_events(inbox, events)


@transaction.atomic
def _give_up(inbox: Inbox, error: SendError) -> None:
    """Until the next time; what an admin has to see to is told."""
    connection = InboxConnection.objects.select_for_update(no_key=True).get(pk=inbox.pk)
    connection.facts.pop("polling_since", None)
    connection.save(update_fields=["facts"])
    if error.permanent:
        notice = Notice(error.code, error.detail)
        apply_notice(inbox, notice, received_at=timezone.now())


def find_lost(inbox: Inbox, adapter: Adapter, *, now: datetime) -> SendError | None:
    """Replies whose request had no answer: whether the provider has them all the same.

    The failure that would meet all others too, if there was one: they wait.
    """
    if not adapter.capabilities.finds_sent:
        return None
    rows = Delivery.objects.filter(
        inbox=inbox, state=DeliveryState.UNKNOWN, claimed_at__gte=now - PATIENCE
    ).exclude(pk__in=resting_items(_FINDING, now))
    lost = {
        delivery.pk: delivery
        for delivery in rows.select_related("message__identity").order_by("pk")[:50]
    }
    failures: list[SendError] = []

    def find(pk: int) -> None:
        if failures:
            return
        try:
            _find(inbox, adapter, lost[pk], since=lost[pk].claimed_at or now)
        except SendError as error:
            if not error.permanent or error.code == FailureCode.CREDENTIALS:
                failures.append(error)
            raise

    act_on_each(_FINDING, lost, find)
    return failures[0] if failures else None


def _find(
    inbox: Inbox, adapter: Adapter, delivery: Delivery, *, since: datetime
) -> None:
    part = Part(delivery.payload, is_keyed=delivery.is_keyed, file=delivery.file)
    found = adapter.find_sent(outbound_of(delivery.message), part, since=since)
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
