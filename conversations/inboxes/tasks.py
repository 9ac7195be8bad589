"""The sweep that counts what inboxes carry, and notices when one falls silent."""

from django.utils import timezone

from agentdesk.jobs.declare import job
from conversations.inboxes.actions.roll_up_hours import roll_up_hours, watch_rhythm
from conversations.sweeps.each import act_apart


@job(every=60)
def watch_inboxes() -> None:
    now = timezone.now()
    act_apart(lambda: roll_up_hours(now), lambda: watch_rhythm(now))
