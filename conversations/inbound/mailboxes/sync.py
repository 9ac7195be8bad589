"""One mailbox, read to its end: every folder from where it was left."""

from datetime import timedelta

import structlog

from agentdesk.jobs.queueing import enqueue
from conversations.adapters.email.imap import Mailbox
from conversations.inbound.store_mail import (
    begin_fetch,
    note_synced,
    open_folder,
    pass_mail,
    set_mail_aside,
    store_mail,
)
from conversations.inbound.tasks import process_inbox
from conversations.models import Inbox, MailFolder

log = structlog.get_logger(__name__)

# A folder whose numbers have changed is read again from so long before it was last.
_OVERLAP = timedelta(days=1)
# A mail that could not be fetched and stored so often is fetched by its header alone,
_WHOLE_TRIES = 3
# and so often that way it is set aside: no mail may stop those behind it.
_HEAD_TRIES = 2
# Searches that find nothing although the server keeps saying that mail has come.
_MOST_VAIN = 3


def sync(inbox: Inbox, mailbox: Mailbox, folder_names: list[str]) -> int:
    """How many mails are new. Raises SendError; what was kept by then stays kept."""
    return sum(sync_folder(inbox, mailbox, name) for name in reversed(folder_names))


def sync_folder(inbox: Inbox, mailbox: Mailbox, name: str) -> int:
    """It stays open afterwards: the last one is what is waited for.

    Read until nothing is new: what comes while others are read is announced once, and
    whoever waits then would not hear of it.
    """
    folder, since = open_folder(inbox, name, mailbox.open(name))
    if since is None:
        uids = mailbox.newer_than(folder.last_uid)
    else:
        uids = mailbox.since((since - _OVERLAP).date())
    count = vain = 0
    while uids or (mailbox.has_announced() and vain < _MOST_VAIN):
        vain = 0 if uids else vain + 1
        for uid in uids:
            if _take(mailbox, folder, uid):
                enqueue(process_inbox, inbox.pk)
                count += 1
        uids = mailbox.newer_than(folder.last_uid)
    note_synced(folder)
    return count


def _take(mailbox: Mailbox, folder: MailFolder, uid: int) -> list[int]:
    """Store one mail; the numbers of new events. Raises SendError."""
    attempts = begin_fetch(folder, uid)
    if attempts > _WHOLE_TRIES + _HEAD_TRIES:
        log.error("mail_set_aside", inbox=folder.inbox_id, uid=uid)
        return set_mail_aside(folder, uid)
    fetched = mailbox.fetch(uid, head_only=attempts > _WHOLE_TRIES)
    if fetched is None:
        pass_mail(folder, uid)
        return []
    return store_mail(folder, fetched, is_suspect=attempts > 1)
