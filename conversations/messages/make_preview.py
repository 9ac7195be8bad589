"""A small picture of a file that has come: of an image, or of a PDF's first page."""

import secrets

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from conversations.choices import FileState
from conversations.live import events
from conversations.messages.previews.draw import NoPreviewError, Preview, draw
from conversations.models import Attachment
from conversations.models.message import DRAWN

log = structlog.get_logger(__name__)


def make_preview(pk: int) -> Attachment | None:
    """Draw it, once: what ended a worker is not given to the next one."""
    attachment = _claim(pk)
    if attachment is None:
        return None
    try:
        with attachment.file.open("rb") as file:
            drawn = draw(file)
    except (NoPreviewError, OSError) as error:
        log.info("no_preview", attachment=pk, reason=str(error))
        return None
    return _store(attachment, drawn)


@transaction.atomic
def _claim(pk: int) -> Attachment | None:
    attachment = (
        Attachment.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(
            pk=pk,
            state=FileState.READY,
            preview_tried_at__isnull=True,
            content_type__in=DRAWN,
        )
        .first()
    )
    if attachment is not None:
        attachment.preview_tried_at = timezone.now()
        attachment.save(update_fields=["preview_tried_at"])
    return attachment


def _store(attachment: Attachment, drawn: Preview) -> Attachment | None:
    name = f"{attachment.account_id}/{secrets.token_hex(20)}.jpg"
    attachment.preview.save(name, ContentFile(drawn.jpeg), save=False)
    with transaction.atomic():
        still = Attachment.objects.select_for_update(of=("self",), no_key=True)
        stored = (
            still.select_related("message__conversation")
            .filter(pk=attachment.pk)
            .first()
        )
        if stored is not None:
            stored.preview = attachment.preview.name
            stored.width, stored.height = drawn.width, drawn.height
            stored.save(update_fields=["preview", "width", "height"])
            if stored.message is not None:
                events.message_changed(stored.message)
    if stored is None:  # taken back by the customer meanwhile
        attachment.preview.delete(save=False)
    return stored


def files_to_draw(*, limit: int = 100) -> list[int]:
    """Those whose turn a lost message, or a way in without a task, has passed over."""
    rows = Attachment.objects.filter(
        state=FileState.READY, preview_tried_at__isnull=True, content_type__in=DRAWN
    )
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
