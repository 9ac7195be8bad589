"""One mailbox, read to its end: every folder from where it was left."""

from datetime import timedelta

from agentdesk.jobs import ring
from conversations.actions.store_mail import note_synced, open_folder, store_mail
from conversations.adapters.email.imap import Mailbox
from conversations.models import Inbox
from conversations.tasks import process_inbox

# A folder whose numbers have changed is read again from so long before it was last.
_OVERLAP = timedelta(days=1)


def sync(inbox: Inbox, mailbox: Mailbox, folder_names: list[str]) -> int:
    """How many mails are new. Raises SendError; what was kept by then stays kept."""
    return sum(sync_folder(inbox, mailbox, name) for name in reversed(folder_names))


def sync_folder(inbox: Inbox, mailbox: Mailbox, name: str) -> int:
    """It stays open afterwards: the last one is what is waited for."""
    folder, since = open_folder(inbox, name, mailbox.open(name))
    if since is None:
        uids = mailbox.newer_than(folder.last_uid)
    else:
        uids = mailbox.since((since - _OVERLAP).date())
    count = 0
    for fetched in mailbox.fetch(uids):
        if store_mail(folder, fetched):
            ring(process_inbox, inbox.pk)
            count += 1
    note_synced(folder)
    return count
