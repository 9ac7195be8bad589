"""One mailbox, watched: read, wait for news, read again; after any error from the start."""

import threading
import time

import structlog
from django.db import connections
from django.utils import timezone

from conversations.adapters.email.imap import Mailbox, mailbox, token_ends_at
from conversations.adapters.email.oauth import EARLY_SECONDS
from conversations.adapters.email.setting import Setting
from conversations.adapters.events import Notice
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode
from conversations.connections.notice import apply_notice
from conversations.connections.renew_secrets import connected
from conversations.inbound.mailboxes.sync import sync
from conversations.models import Inbox, InboxConnection

log = structlog.get_logger(__name__)

# Servers may drop an IDLE after 29 minutes, and what stands between us much earlier.
IDLE_SECONDS = 9 * 60.0
# How often folders are read that nobody waits for, or without IDLE.
POLL_SECONDS = 60.0
_STEP = 2.0
_REFUTED = (
    FailureCode.CREDENTIALS,
    FailureCode.NETWORK,
    FailureCode.TIMEOUT,
    FailureCode.PROVIDER,
    FailureCode.RATE,
    FailureCode.SET_UP,
)
_PAUSES = (2, 5, 15, 30, 60, 120, 300)  # seconds


class Watch(threading.Thread):
    """Ends soon after `stop`, or never by itself."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(name=f"mailbox {inbox.pk}", daemon=True)
        self.inbox = inbox
        self.stopping = threading.Event()
        self._failures = 0

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._session()
            except SendError as error:
                self._rest(error)
            except Exception as error:  # the outermost edge of a thread
                log.exception("mailbox_failed", inbox=self.inbox.pk)
                self._rest(SendError("provider", type(error).__name__, permanent=False))
            finally:
                connections.close_all()

    def _session(self) -> None:
        settings = Setting(connected(self.inbox).connection)
        ends_at = token_ends_at(settings)
        with mailbox(settings) as opened:
            self._clear_refuted()
            while not self.stopping.is_set():
                sync(self.inbox, opened, settings.folders)
                self._failures = 0
                connections.close_all()
                if ends_at and time.time() > ends_at - EARLY_SECONDS:
                    return  # signed in anew, with a new token
                self._wait(opened, settings)

    def _wait(self, opened: Mailbox, settings: Setting) -> None:
        """Until there is news, somebody stops us, or it is time to look anyway."""
        is_alone = len(settings.folders) == 1
        if not opened.begin_idle():
            self.stopping.wait(POLL_SECONDS)
            return
        until = time.monotonic() + (IDLE_SECONDS if is_alone else POLL_SECONDS)
        while time.monotonic() < until and not self.stopping.is_set():
            if opened.has_news(_STEP):
                break
        opened.end_idle()

    def _rest(self, error: SendError) -> None:
        self._failures += 1
        # A connection that ends now and then is no trouble; one that will not begin is.
        if error.permanent or self._failures > 2:
            notice = Notice(error.code, error.detail, is_trouble=True)
            apply_notice(self.inbox, notice, received_at=timezone.now())
        log.warning("mailbox_lost", inbox=self.inbox.pk, code=str(error.code))
        pause = _PAUSES[min(self._failures, len(_PAUSES)) - 1]
        self.stopping.wait(60 if error.permanent and pause < 60 else pause)

    def _clear_refuted(self) -> None:
        """What a mailbox that is open refutes is over; the rest others have to see to."""
        rows = InboxConnection.objects.filter(inbox=self.inbox, trouble__in=_REFUTED)
        for trouble in rows.values_list("trouble", flat=True):
            notice = Notice(trouble, is_trouble=False)
            apply_notice(self.inbox, notice, received_at=timezone.now())
