"""Jobs that time brings to inquiries."""

from celery import shared_task
from django.utils import timezone

from conversations.actions.each import act_apart
from conversations.actions.follow_up import tell_due_follow_ups
from conversations.actions.housekeeping import (
    forget_attempts,
    forget_nonces,
    remove_unsent_files,
    wake_snoozed,
)


@shared_task
def sweep_follow_ups() -> None:
    tell_due_follow_ups(timezone.now())


@shared_task
def sweep_snoozed() -> None:
    wake_snoozed(timezone.now())


@shared_task
def sweep_leftovers() -> None:
    now = timezone.now()
    act_apart(
        lambda: remove_unsent_files(now),
        lambda: forget_attempts(now),
        lambda: forget_nonces(now),
    )
