"""What time brings: snoozes that end, files that were never sent, spent codes."""

from datetime import datetime, timedelta

from django.db import transaction

from conversations.actions.inquiry import wake
from conversations.models import (
    AccountLinkNonce,
    Attachment,
    Inquiry,
    PickupAttempt,
)

UNSENT_FILES_KEPT = timedelta(days=2)
NONCES_KEPT = timedelta(days=2)
_AT_ONCE = 200


def wake_snoozed(now: datetime) -> int:
    """Bring back what is due, one transaction each; a second run finds nothing."""
    due = Inquiry.objects.filter(snoozed_until__lte=now).order_by("snoozed_until")
    woken = 0
    for inquiry in due.select_related("conversation")[:_AT_ONCE]:
        wake(inquiry, actor=None)
        woken += 1
    return woken


def remove_unsent_files(now: datetime) -> int:
    """Files uploaded for a reply that was never sent; the row goes before the file."""
    with transaction.atomic():
        unsent = list(
            Attachment.objects.select_for_update(skip_locked=True, no_key=True).filter(
                message__isnull=True, created_at__lt=now - UNSENT_FILES_KEPT
            )[:_AT_ONCE]
        )
        Attachment.objects.filter(pk__in=[found.pk for found in unsent]).delete()
    for found in unsent:
        found.file.delete(save=False)
        found.preview.delete(save=False)
    return len(unsent)


def forget_attempts(now: datetime) -> None:
    """Wrong codes matter for a minute; older ones are dropped."""
    PickupAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()


def forget_nonces(now: datetime) -> None:
    """What a shop has told for linking an account is good for minutes alone."""
    AccountLinkNonce.objects.filter(created_at__lt=now - NONCES_KEPT).delete()
