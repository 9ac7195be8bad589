"""What time brings: snoozes that end, files that were never sent, spent codes."""

from datetime import datetime, timedelta

from django.db import transaction

from conversations.inquiries.actions.inquiry import wake
from conversations.models import (
    AccountLinkNonce,
    Attachment,
    Inquiry,
    PickupAttempt,
    ScheduledReply,
)
from conversations.sweeps.each import act_on_each, resting_items

UNSENT_FILES_LIFE = timedelta(days=2)
NONCES_LIFE = timedelta(days=2)
_AT_ONCE = 200
_WAKING, _REMOVING = "snoozes", "unsent files"


def wake_snoozed(now: datetime) -> int:
    """Bring back what is due, one transaction each; a second run finds nothing."""
    due = Inquiry.objects.filter(snoozed_until__lte=now).exclude(
        pk__in=resting_items(_WAKING, now)
    )
    found = due.select_related("conversation").order_by("snoozed_until")[:_AT_ONCE]
    inquiries = {inquiry.pk: inquiry for inquiry in found}
    woken = act_on_each(_WAKING, inquiries, lambda pk: wake(inquiries[pk], actor=None))
    return len(woken)


def remove_unsent_files(now: datetime) -> int:
    """Files uploaded for a reply that was never sent; the row goes before the file.

    Those of a scheduled reply are still to be sent.
    """
    scheduled = ScheduledReply.objects.exclude(files=[]).values_list("files", flat=True)
    with transaction.atomic():
        rows = Attachment.objects.select_for_update(skip_locked=True, no_key=True)
        unsent = list(
            rows.filter(
                message__isnull=True, created_at__lt=now - UNSENT_FILES_LIFE
            ).exclude(key__in={key for keys in scheduled for key in keys})[:_AT_ONCE]
        )
        Attachment.objects.filter(pk__in=[found.pk for found in unsent]).delete()
    files = {found.pk: found for found in unsent}
    act_on_each(_REMOVING, files, lambda pk: _remove_files(files[pk]))
    return len(unsent)


def _remove_files(attachment: Attachment) -> None:
    attachment.file.delete(save=False)
    attachment.preview.delete(save=False)


def forget_attempts(now: datetime) -> None:
    """Wrong codes matter for a minute; older ones are dropped."""
    PickupAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()


def forget_nonces(now: datetime) -> None:
    """What a shop has told for linking an account is good for minutes alone."""
    AccountLinkNonce.objects.filter(created_at__lt=now - NONCES_LIFE).delete()
