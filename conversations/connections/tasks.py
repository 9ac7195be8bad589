"""Jobs that keep what providers tell us of an inbox up to date."""

from celery import shared_task
from django.utils import timezone

from agentdesk.jobs import sweep
from conversations.actions import refresh_templates as refreshing
from conversations.actions import use_quota as quotas


@shared_task
def refresh_quota(pk: int) -> None:
    quotas.refresh_quota(pk)


@shared_task
def sweep_quotas() -> None:
    """How many of the month's messages each inbox has used."""
    sweep(refresh_quota, quotas.metered_inboxes())


@shared_task
def refresh_templates(pk: int) -> None:
    refreshing.refresh_templates(pk)


@shared_task
def sweep_templates() -> None:
    """Inboxes whose provider's own templates may be others by now."""
    sweep(refresh_templates, refreshing.inboxes_to_refresh(timezone.now()))
