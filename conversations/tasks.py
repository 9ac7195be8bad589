"""Thin workers: each may run twice, and every one has a sweep that finds what it missed."""

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from agentdesk.jobs import enqueue, ring, sweep, turn
from agentdesk.slots import Backlog, Slots
from conversations.actions import deliver as delivering
from conversations.actions import fetch_file as fetching
from conversations.actions import fetch_profile as profiles
from conversations.actions import make_preview as drawing
from conversations.actions import name_speaker as speakers
from conversations.actions import poll as polling
from conversations.actions import process_inbox as processing
from conversations.actions import recover_deliveries as recovering
from conversations.actions import refresh_templates as refreshing
from conversations.actions import release_held as releasing
from conversations.actions import tell_read as reading
from conversations.actions import use_quota as quotas
from conversations.actions.call_event import expire_ringing, note_missed_calls
from conversations.actions.each import act_apart
from conversations.actions.follow_up import tell_due_follow_ups
from conversations.actions.housekeeping import (
    forget_attempts,
    forget_nonces,
    remove_unsent_files,
    wake_snoozed,
)
from conversations.actions.process_event import Aftermath
from conversations.actions.roll_up_hours import roll_up_hours, watch_rhythm

log = structlog.get_logger(__name__)


@shared_task(acks_late=True)
def process_inbox(pk: int) -> None:
    """Where the database goes away, events stay pending: the sweep takes them up."""
    with turn(process_inbox, pk):
        for aftermath in processing.process_inbox(pk):
            _follow(aftermath)
        if processing.has_more(pk):
            ring(process_inbox, pk)


def _follow(aftermath: Aftermath) -> None:
    for file_pk in aftermath.files:
        enqueue(fetch_file, file_pk)
    for reach_pk in aftermath.profiles:
        enqueue(fetch_profile, reach_pk)
    for message_pk in aftermath.speakers:
        enqueue(name_speaker, message_pk)
    for reply_pk in aftermath.replies:
        enqueue(deliver, reply_pk)


@shared_task
def sweep_events() -> None:
    """Events whose message the broker lost."""
    for pk in processing.inboxes_left_behind(timezone.now()):
        ring(process_inbox, pk)


@shared_task
def release_held(pk: int) -> None:
    """What an inbox held while it was not open, a batch after the other."""
    while releasing.release_held(pk):
        ring(process_inbox, pk)


@shared_task
def sweep_held() -> None:
    """Events that were held while their inbox was being opened."""
    sweep(release_held, releasing.inboxes_that_hold())


@shared_task
def watch_inboxes() -> None:
    now = timezone.now()
    act_apart(lambda: roll_up_hours(now), lambda: watch_rhythm(now))


@shared_task
def deliver(pk: int) -> None:
    """Not acknowledged late: a request that may have been made is not made again."""
    try:
        following = delivering.deliver(pk)
    except (OperationalError, InterfaceError):
        raise  # the sweep takes it up
    except Exception as error:
        log.exception("delivery_failed", message=pk)
        recovering.abandon(pk, type(error).__name__)
    else:
        if following is not None:
            enqueue(deliver, following.pk)


@shared_task
def sweep_deliveries() -> None:
    """Replies the broker lost, those to be tried again, and what a dead worker left."""
    now = timezone.now()
    again = recovering.recover_claims(now)
    sweep(deliver, [*again, *recovering.replies_left_behind(now)])


def _fetch(pk: int) -> None:
    fetched = fetching.fetch_file(pk)
    if fetched is not None and fetched.is_drawn:
        enqueue(make_preview, pk)


_fetchers = Slots(2, lambda: fetching.files_to_fetch(timezone.now(), limit=1))
_drawers = Slots(1, lambda: drawing.files_to_draw(limit=1))


@shared_task
def fetch_file(pk: int) -> None:
    _fetchers.work(_fetch, pk)


@shared_task
def make_preview(pk: int) -> None:
    _drawers.work(drawing.make_preview, pk)


@shared_task
def sweep_previews() -> None:
    """Files of mail, which need no fetching, and those the broker lost."""
    sweep(make_preview, drawing.files_to_draw())


# A campaign's thousand new followers are behind no reply.
_profilers = Backlog(2)


@shared_task
def fetch_profile(pk: int) -> None:
    _profilers.work(profiles.fetch_profile, pk)


@shared_task
def name_speaker(pk: int) -> None:
    _profilers.work(speakers.name_speaker, pk)


@shared_task
def tell_read(pk: int) -> None:
    reading.tell_read(pk)


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


@shared_task
def sweep_files() -> None:
    """Files that are waiting at their provider."""
    sweep(fetch_file, fetching.files_to_fetch(timezone.now()))


@shared_task
def poll_inbox(pk: int) -> None:
    if polling.poll_inbox(pk):
        ring(process_inbox, pk)


@shared_task
def sweep_polls() -> None:
    """Inboxes whose provider is asked for what its webhook failed to bring."""
    sweep(poll_inbox, polling.inboxes_to_poll())


@shared_task
def sweep_calls() -> None:
    """Calls that rang for too long, and missed ones the thread does not tell of yet."""
    now = timezone.now()
    act_apart(lambda: expire_ringing(now), lambda: note_missed_calls(now))


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
