"""All mailboxes of the installation: a watch for each, begun and ended as they change."""

import hashlib
import threading

import structlog
from django.conf import settings
from django.db import DatabaseError, connections

from agentdesk.jobs.heartbeat import note_alive
from conversations.adapters.email.setting import MAILBOXES
from conversations.choices import Channel, InboxState
from conversations.inbound.mailboxes.watch import Watch
from conversations.models import Inbox
from conversations.sweeps.each import act_on_each

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
_WATCHING = "mailbox watches"
_LEAVE_SECONDS = 4.0
_WATCHED = (InboxState.TEST, InboxState.PARTIAL, InboxState.LIVE)


class Keeper:
    """`run` goes on until `stop`, which a signal may call."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.watches: dict[int, tuple[str, Watch]] = {}

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                try:
                    self.look()
                except DatabaseError:
                    log.warning("mailboxes_unknown")  # the database is away: later
                finally:
                    connections.close_all()
                note_alive("mail")
                self.stopping.wait(LOOK_SECONDS)
        finally:
            self.end()

    def look(self) -> None:
        """Begin what is new, end what is gone, begin again what was set anew or died.

        A mailbox whose watch cannot be begun holds back none of the others.
        """
        found = {inbox.pk: inbox for inbox in _mailboxes()}
        for pk in set(self.watches) - set(found):
            self._end_watch(pk)
        act_on_each(_WATCHING, found, lambda pk: self._see_to(found[pk]))

    def _see_to(self, inbox: Inbox) -> None:
        digest = _digest_of(inbox)
        before, watch = self.watches.get(inbox.pk, ("", None))
        if watch is not None and before == digest and watch.is_alive():
            return
        self._end_watch(inbox.pk)
        watch = Watch(inbox)
        self.watches[inbox.pk] = (digest, watch)
        watch.start()

    def _end_watch(self, pk: int) -> None:
        _digest, watch = self.watches.pop(pk, ("", None))
        if watch is not None:
            watch.stop()

    def end(self) -> None:
        for _seen, watch in self.watches.values():
            watch.stop()
        for _seen, watch in self.watches.values():
            watch.join(_LEAVE_SECONDS)
        self.watches = {}


def _mailboxes() -> list[Inbox]:
    rows = Inbox.objects.filter(
        channel=Channel.EMAIL,
        state__in=_WATCHED,
        connection__settings__kind__in=MAILBOXES,
    ).select_related("connection", "account", "queue")
    most = settings.MAILBOX_THREADS
    found = list(rows.order_by("pk")[: most + 1])
    if len(found) > most:
        log.error("too_many_mailboxes", most=most)
    return found[:most]


def _digest_of(inbox: Inbox) -> str:
    """Changes with whatever is set."""
    connection = inbox.connection
    setup = f"{sorted(connection.settings.items())}:{connection.secrets}:{inbox.state}"
    return hashlib.sha256(setup.encode()).hexdigest()
