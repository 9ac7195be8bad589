"""Jobs that time brings to inquiries."""

from django.utils import timezone

from agentdesk.jobs.declare import job
from conversations.inquiries.actions.due import fill_due
from conversations.inquiries.actions.follow_up import notify_due_follow_ups
from conversations.inquiries.actions.housekeeping import (
    forget_attempts,
    forget_nonces,
    remove_unsent_files,
    wake_snoozed,
)
from conversations.sweeps.each import act_apart


@job(every=20)
def sweep_follow_ups() -> None:
    notify_due_follow_ups(timezone.now())


@job(every=10)
def sweep_snoozed() -> None:
    wake_snoozed(timezone.now())


@job(every=5)
def sweep_due() -> None:
    fill_due(timezone.now())


@job(every=3600)
def sweep_leftovers() -> None:
    now = timezone.now()
    act_apart(
        lambda: remove_unsent_files(now),
        lambda: forget_attempts(now),
        lambda: forget_nonces(now),
    )
