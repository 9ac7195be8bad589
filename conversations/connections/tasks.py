"""Jobs that keep what providers tell us of an inbox up to date."""

from django.utils import timezone

from agentdesk.jobs.declare import OUTBOUND, job
from agentdesk.jobs.queueing import sweep
from conversations.connections import refresh_templates as refreshing
from conversations.connections import use_quota as quotas


@job(queue=OUTBOUND)
def refresh_quota(pk: int) -> None:
    quotas.refresh_quota(pk)


@job(every=600)
def sweep_quotas() -> None:
    """How many of the month's messages each inbox has used."""
    sweep(refresh_quota, quotas.metered_inboxes())


@job(queue=OUTBOUND)
def refresh_templates(pk: int) -> None:
    refreshing.refresh_templates(pk)


@job(every=60)
def sweep_templates() -> None:
    """Inboxes whose provider's own templates may be others by now."""
    sweep(refresh_templates, refreshing.inboxes_to_refresh(timezone.now()))
