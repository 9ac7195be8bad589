"""The sweep of calls that ring for too long and of missed ones."""

from django.utils import timezone

from agentdesk.jobs.declare import job
from conversations.calls.actions.mark_on_list import end_lost_calls
from conversations.calls.actions.missed_calls import expire_ringing, note_missed_calls
from conversations.sweeps.each import act_apart


@job(every=5)
def sweep_calls() -> None:
    """Calls that rang for too long, and missed ones the thread does not tell of yet."""
    now = timezone.now()
    act_apart(
        lambda: expire_ringing(now), lambda: note_missed_calls(now), end_lost_calls
    )
