"""Jobs that keep what providers tell us of an inbox up to date."""

from collections.abc import Iterable

from django.utils import timezone

from agentdesk.jobs.declare import OUTBOUND, Sweep, job
from conversations.connections import refresh_templates as refreshing
from conversations.connections import use_quota as quotas


def _metered() -> Iterable[int]:
    """How many of the month's messages each inbox has used."""
    return quotas.metered_inboxes()


def _with_templates() -> Iterable[int]:
    """Inboxes whose provider's own templates may be others by now."""
    return refreshing.inboxes_to_refresh(timezone.now())


@job(queue=OUTBOUND, sweep=Sweep(every=600, rows=_metered))
def refresh_quota(pk: int) -> None:
    quotas.refresh_quota(pk)


@job(queue=OUTBOUND, sweep=Sweep(every=60, rows=_with_templates))
def refresh_templates(pk: int) -> None:
    refreshing.refresh_templates(pk)
