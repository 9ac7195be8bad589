"""The files of a message that a provider brings, at once or to be fetched."""

import secrets
from collections.abc import Iterable, Sequence

from django.core.files.base import ContentFile
from django.utils import timezone

from conversations.adapters.events import Media
from conversations.choices import FileState
from conversations.inbound.shapes import Result
from conversations.messages.files import received_kind, safe_name
from conversations.models import Attachment, Inbox, Message


def place_received_files(_inbox: Inbox, new: Sequence[Result]) -> None:
    """What came along with each message; what waits at the provider is to be fetched."""
    for one in new:
        if one.draft.event is not None and one.draft.event.media:
            placed = place_files(one.message, one.draft.event.media)
            one.files = [row.pk for row in placed if row.state == FileState.WAITING]


def place_files(message: Message, media: Iterable[Media]) -> list[Attachment]:
    """Attachments of the message: kept, or WAITING until `fetch_file` has its bytes."""
    placed: list[Attachment] = []
    try:
        for one in media:
            placed.append(_placed(message, one))
    except BaseException:  # what is rolled back leaves no file either
        for attachment in placed:
            attachment.file.delete(save=False)
        raise
    return placed


def _placed(message: Message, one: Media) -> Attachment:
    attachment = Attachment(
        account_id=message.account_id,
        conversation_id=message.conversation_id,
        message=message,
        name=safe_name(one.name or one.kind),  # its bytes tell the extension
        content_type=one.content_type[:100],
        content_id=one.content_id[:255],
        size=one.size or 0,
    )
    if one.content is None:
        attachment.state = FileState.WAITING
        attachment.source = {**one.source, "kind": one.kind}
        attachment.next_attempt_at = timezone.now()
        attachment.save()
    else:
        store_content(attachment, one.content)
    return attachment


def store_content(attachment: Attachment, content: bytes) -> None:
    """Store the bytes under a random name, with the type they really have."""
    known = received_kind(content, name=attachment.name)
    attachment.content_type = known.content_type
    attachment.name = known.name
    attachment.width, attachment.height = known.width, known.height
    attachment.size = len(content)
    attachment.state = FileState.READY
    attachment.next_attempt_at = None
    name = f"{attachment.account_id}/{secrets.token_hex(20)}"
    attachment.file.save(name, ContentFile(content), save=False)
    try:
        attachment.save()
    except BaseException:
        attachment.file.delete(save=False)
        raise
