"""Keeping what a mailbox holds, and how far it has been read."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from conversations.actions.store_events import insert_events
from conversations.adapters.email.imap import Fetched, Standing
from conversations.adapters.email.incoming import CUT
from conversations.adapters.email.masked import mail_event
from conversations.models import Inbox, MailFolder


@transaction.atomic
def open_folder(
    inbox: Inbox, name: str, standing: Standing
) -> tuple[MailFolder, datetime | None]:
    """The folder as we know it, and since when it has to be read once more.

    Where it is new to us, reading begins with the mail that comes from now on. Where its
    numbers mean something else now, all of some time is read again: what is known by
    its Message-ID stays one message.
    """
    now = timezone.now()
    folder, is_new = MailFolder.objects.select_for_update(no_key=True).get_or_create(
        inbox=inbox,
        name=name,
        defaults={
            "uidvalidity": standing.uidvalidity,
            "last_uid": standing.uidnext - 1,
            "synced_at": now,
        },
    )
    if is_new or folder.uidvalidity == standing.uidvalidity:
        return folder, None
    since = folder.synced_at
    folder.uidvalidity, folder.last_uid = standing.uidvalidity, 0
    folder.save(update_fields=["uidvalidity", "last_uid"])
    return folder, since


@transaction.atomic
def store_mail(folder: MailFolder, fetched: Fetched) -> list[int]:
    """Keep one mail and move the mark behind it; the numbers of new events."""
    event_id = f"{folder.name}:{folder.uidvalidity}:{fetched.uid}"
    raw = fetched.raw
    if fetched.is_cut:
        raw = f"{CUT}: yes\r\n".encode() + raw.rstrip(b"\r\n") + b"\r\n\r\n"
    new = list(insert_events(folder.inbox, [mail_event(event_id, raw)]))
    if fetched.uid > folder.last_uid:
        folder.last_uid = fetched.uid
        folder.save(update_fields=["last_uid"])
    return new


@transaction.atomic
def note_synced(folder: MailFolder) -> None:
    folder.synced_at = timezone.now()
    folder.save(update_fields=["synced_at"])
