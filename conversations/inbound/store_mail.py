"""Keeping what a mailbox holds, and how far it has been read."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from conversations.adapters.email.imap import Fetched, Standing
from conversations.adapters.email.incoming import CUT
from conversations.adapters.email.masked import mail_event, unread_mail_event
from conversations.adapters.email.tracking import unfetched_note
from conversations.inbound.store import insert_events
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
def begin_fetch(folder: MailFolder, uid: int) -> int:
    """Count a mail that is about to be fetched; how often it was begun, now included.

    It may be the last thing this process does, and must not be the first thing of each
    that follows.
    """
    is_again = folder.begun > 0 and folder.begun_uid == uid
    folder.begun = min(folder.begun + 1, 1_000) if is_again else 1
    folder.begun_uid = uid
    folder.save(update_fields=["begun", "begun_uid"])
    return folder.begun


@transaction.atomic
def store_mail(
    folder: MailFolder, fetched: Fetched, *, is_suspect: bool = False
) -> list[int]:
    """Keep one mail and move the mark behind it; the numbers of new events.

    `is_suspect`: it was begun before and never stored, so it is not looked into.
    """
    raw = fetched.raw
    if fetched.is_cut:
        raw = f"{CUT}: yes\r\n".encode() + raw.rstrip(b"\r\n") + b"\r\n\r\n"
    event_of = unread_mail_event if is_suspect else mail_event
    new = list(insert_events(folder.inbox, [event_of(_name(folder, fetched.uid), raw)]))
    pass_mail(folder, fetched.uid)
    return new


@transaction.atomic
def set_mail_aside(folder: MailFolder, uid: int) -> list[int]:
    """A mail that cannot be had: a note of it stands in the quarantine for it."""
    note = unfetched_note(_name(folder, uid), folder=folder.name, uid=uid)
    new = list(insert_events(folder.inbox, [note]))
    pass_mail(folder, uid)
    return new


@transaction.atomic
def pass_mail(folder: MailFolder, uid: int) -> None:
    """The mark stands behind it: it is not asked for again."""
    folder.last_uid = max(folder.last_uid, uid)
    folder.begun = 0
    folder.save(update_fields=["last_uid", "begun"])


def _name(folder: MailFolder, uid: int) -> str:
    return f"{folder.name}:{folder.uidvalidity}:{uid}"


@transaction.atomic
def note_synced(folder: MailFolder) -> None:
    folder.synced_at = timezone.now()
    folder.save(update_fields=["synced_at"])
