"""The sweep that counts what inboxes carry, and notices when one falls silent."""

from celery import shared_task
from django.utils import timezone

from conversations.actions.each import act_apart
from conversations.actions.roll_up_hours import roll_up_hours, watch_rhythm


@shared_task
def watch_inboxes() -> None:
    now = timezone.now()
    act_apart(lambda: roll_up_hours(now), lambda: watch_rhythm(now))
