"""Jobs of what comes in: events, and what has to be fetched from providers."""

from collections.abc import Iterable

from django.utils import timezone

from agentdesk.jobs.declare import OUTBOUND, Sweep, job
from agentdesk.jobs.queueing import enqueue
from agentdesk.jobs.slots import Backlog, Slots
from conversations.inbound import fetch_file as fetching
from conversations.inbound import fetch_profile as profiles
from conversations.inbound import name_speaker as speakers
from conversations.inbound import poll as polling
from conversations.inbound import process_inbox as processing
from conversations.inbound import release_held as releasing
from conversations.inbound.process_event import Aftermath
from conversations.messages.tasks import make_preview
from conversations.outbound.tasks import deliver


def _with_events() -> Iterable[int]:
    """Inboxes with events whose message the broker lost."""
    return processing.inboxes_left_behind(timezone.now())


@job(acks_late=True, one_at_a_time=True, sweep=Sweep(every=5, rows=_with_events))
def process_inbox(pk: int) -> None:
    """Where the database goes away, events stay pending: the sweep takes them up."""
    for aftermath in processing.process_inbox(pk):
        _follow(aftermath)
    if processing.has_more(pk):
        enqueue(process_inbox, pk)


def _follow(aftermath: Aftermath) -> None:
    for file_pk in aftermath.files:
        enqueue(fetch_file, file_pk)
    for reach_pk in aftermath.profiles:
        enqueue(fetch_profile, reach_pk)
    for message_pk in aftermath.speakers:
        enqueue(name_speaker, message_pk)
    for reply_pk in aftermath.replies:
        enqueue(deliver, reply_pk)


def _holding() -> Iterable[int]:
    """Inboxes that hold events since they were being opened."""
    return releasing.inboxes_that_hold()


@job(sweep=Sweep(every=30, rows=_holding))
def release_held(pk: int) -> None:
    """What an inbox held while it was not open, a batch after the other."""
    while releasing.release_held(pk):
        enqueue(process_inbox, pk)


def _fetch(pk: int) -> None:
    fetched = fetching.fetch_file(pk)
    if fetched is not None and fetched.is_drawn:
        enqueue(make_preview, pk)


_fetchers = Slots(2, lambda: fetching.files_to_fetch(timezone.now(), limit=1))


def _waiting_files() -> Iterable[int]:
    """Files that are waiting at their provider."""
    return fetching.files_to_fetch(timezone.now())


@job(queue=OUTBOUND, sweep=Sweep(every=5, rows=_waiting_files))
def fetch_file(pk: int) -> None:
    _fetchers.work(_fetch, pk)


# A campaign's thousand new followers are behind no reply.
_profilers = Backlog(2)


@job(queue=OUTBOUND)
def fetch_profile(pk: int) -> None:
    _profilers.work(profiles.fetch_profile, pk)


@job(queue=OUTBOUND)
def name_speaker(pk: int) -> None:
    _profilers.work(speakers.name_speaker, pk)


def _polled() -> Iterable[int]:
    """Inboxes whose provider is asked for what its webhook failed to bring."""
    return polling.inboxes_to_poll()


@job(queue=OUTBOUND, sweep=Sweep(every=60, rows=_polled))
def poll_inbox(pk: int) -> None:
    if polling.poll_inbox(pk):
        enqueue(process_inbox, pk)
