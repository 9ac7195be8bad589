"""Getting the bytes of a customer's file from its provider, before they are deleted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.failures import NotOfferedError, SendError
from conversations.choices import FailureCode, FileState
from conversations.connections.renew_secrets import connected
from conversations.inbound.files import store_content
from conversations.live import events
from conversations.models import Attachment
from conversations.sweeps.each import is_away, reason_of

logger = structlog.get_logger(__name__)

_CLAIM = timedelta(seconds=180)
_MOST_ATTEMPTS = 8
_PAUSES = (2, 5, 15, 60, 300, 900, 3600)  # seconds


def fetch_file(pk: int) -> Attachment | None:
    """Fetch one waiting file; a second run changes nothing."""
    attachment = _claim(pk)
    if attachment is None or attachment.message is None:
        return None
    inbox = attachment.message.inbox
    if inbox is None:
        return None
    try:
        with connected(inbox).media(attachment.source) as chunks:
            content = _bounded(chunks)
        return _store(attachment, content)
    except (SendError, NotOfferedError) as error:
        return _fail(attachment, error)
    except Exception as error:
        if is_away(error):
            raise
        # Such a file is tried as often as one whose server is ill, and then failed.
        logger.exception("file_not_fetched", attachment=pk)
        reason = SendError(FailureCode.PROVIDER, reason_of(error), permanent=False)
        return _fail(attachment, reason)


@transaction.atomic
def _claim(pk: int) -> Attachment | None:
    """Ours for a while; a worker that dies with it is succeeded by the sweep."""
    now = timezone.now()
    attachment = (
        Attachment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("message__inbox__connection", "message__conversation")
        .filter(pk=pk, state=FileState.WAITING, next_attempt_at__lte=now)
        .first()
    )
    if attachment is not None:
        attachment.attempts += 1
        attachment.next_attempt_at = now + _CLAIM
        attachment.save(update_fields=["attempts", "next_attempt_at"])
    return attachment


def _bounded(chunks: Iterable[bytes]) -> bytes:
    limit = settings.RECEIVED_FILE_MAX_BYTES
    received = bytearray()
    for chunk in chunks:
        received += chunk
        if len(received) > limit:
            raise SendError(FailureCode.FILE_SIZE, permanent=True)
    return bytes(received)


@transaction.atomic
def _store(attachment: Attachment, content: bytes) -> Attachment | None:
    still = Attachment.objects.select_for_update(no_key=True).filter(
        pk=attachment.pk, state=FileState.WAITING
    )
    if not still.exists():  # taken back by the customer meanwhile
        return None
    store_content(attachment, content)
    if attachment.message is not None:
        events.message_changed(attachment.message)
    return attachment


@transaction.atomic
def _fail(attachment: Attachment, error: Exception) -> Attachment:
    is_over = (
        not isinstance(error, SendError)
        or error.permanent
        or attachment.attempts >= _MOST_ATTEMPTS
    )
    if is_over:
        attachment.state, attachment.next_attempt_at = FileState.FAILED, None
    else:
        seconds = _PAUSES[min(attachment.attempts, len(_PAUSES)) - 1]
        attachment.next_attempt_at = timezone.now() + timedelta(seconds=seconds)
    attachment.save(update_fields=["state", "next_attempt_at"])
    if is_over and attachment.message is not None:
        events.message_changed(attachment.message)
    return attachment


@transaction.atomic
def fetch_again(attachment: Attachment, *, member: Membership) -> bool:
    """A member asks for a file that could not be had; False when it is under way."""
    failed = Attachment.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=attachment.pk, state=FileState.FAILED
    )
    found = failed.select_related("message__conversation").first()
    if found is None:
        return False
    found.state, found.attempts = FileState.WAITING, 0
    found.next_attempt_at = timezone.now()
    found.save(update_fields=["state", "attempts", "next_attempt_at"])
    log.record("file.fetched_again", found, actor=member.user)
    if found.message is not None:
        events.message_changed(found.message)
    return True


def files_to_fetch(now: datetime, *, limit: int = 200) -> list[int]:
    rows = Attachment.objects.filter(state=FileState.WAITING, next_attempt_at__lte=now)
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])
