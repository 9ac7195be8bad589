"""All mailboxes of the installation: a watch for each, begun and ended as they change."""

import hashlib
import threading

import structlog
from django.conf import settings
from django.db import DatabaseError, connections

from agentdesk.heartbeat import note_alive
from conversations.adapters.email.setting import MAILBOXES
from conversations.choices import Channel, InboxState
from conversations.mailboxes.watch import Watch
from conversations.models import Inbox

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
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
        """Begin what is new, end what is gone, begin again what was set anew or died."""
        wanted = {inbox.pk: (_print_of(inbox), inbox) for inbox in _mailboxes()}
        for pk, (seen, watch) in list(self.watches.items()):
            is_same = pk in wanted and wanted[pk][0] == seen
            if not is_same or not watch.is_alive():
                watch.stop()
                del self.watches[pk]
        for pk, (seen, inbox) in wanted.items():
            if pk not in self.watches:
                watch = Watch(inbox)
                self.watches[pk] = (seen, watch)
                watch.start()

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


def _print_of(inbox: Inbox) -> str:
    """Changes with whatever is set."""
    connection = inbox.connection
    told = f"{sorted(connection.settings.items())}:{connection.secrets}:{inbox.state}"
    return hashlib.sha256(told.encode()).hexdigest()
