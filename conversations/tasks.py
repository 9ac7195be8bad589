"""Thin workers: each may run twice, and every one has a sweep that finds what it missed."""

import structlog
from celery import shared_task
from django.db import IntegrityError, InterfaceError, OperationalError
from django.utils import timezone

from agentdesk.jobs import enqueue
from conversations.actions import process_event as processing
from conversations.actions.call_event import expire_ringing, note_missed_calls
from conversations.actions.follow_up import tell_due_follow_ups
from conversations.actions.housekeeping import (
    forget_attempts,
    remove_unsent_files,
    wake_snoozed,
)

log = structlog.get_logger(__name__)


@shared_task(acks_late=True)
def process_event(pk: int) -> None:
    try:
        processing.process_event(pk)
    except (OperationalError, InterfaceError, IntegrityError):
        raise  # it stays pending: the sweep tries again
    except Exception as error:
        log.exception("event_failed", event=pk)
        processing.quarantine_event(pk, f"{type(error).__name__}: {error}")


@shared_task
def sweep_events() -> None:
    """Events whose message the broker lost."""
    for pk in processing.events_left_behind(timezone.now()):
        enqueue(process_event, pk)


@shared_task
def sweep_calls() -> None:
    """Calls that rang for too long, and missed ones the thread does not tell of yet."""
    now = timezone.now()
    expire_ringing(now)
    note_missed_calls(now)


@shared_task
def sweep_follow_ups() -> None:
    tell_due_follow_ups(timezone.now())


@shared_task
def sweep_snoozed() -> None:
    wake_snoozed(timezone.now())


@shared_task
def sweep_leftovers() -> None:
    now = timezone.now()
    remove_unsent_files(now)
    forget_attempts(now)
