"""Keeping a file that somebody sends, under a random name."""

import secrets
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from agentdesk.accounts.models import Membership
from conversations.choices import FileState
from conversations.messages.files import examine
from conversations.models import Attachment, Conversation, Message


def store_file(upload: "UploadedFile[Any]", *, account_id: int) -> Attachment:
    """An unsaved Attachment with its file stored; the caller says whose it is.

    Raises FileRefusedError for what is empty, too large or of a kind we do not take.
    """
    size = upload.size or 0
    limit = settings.FILE_UPLOAD_MAX_BYTES
    known = examine(upload, name=upload.name or "", size=size, limit=limit)
    attachment = Attachment(
        account_id=account_id,
        name=known.name,
        content_type=known.content_type,
        size=size,
        width=known.width,
        height=known.height,
    )
    attachment.file.save(f"{account_id}/{secrets.token_hex(20)}", upload, save=False)
    return attachment


def store_draft_file(
    upload: "UploadedFile[Any]",
    *,
    conversation: Conversation,
    member: Membership,
    is_internal: bool,
) -> Attachment:
    """A file of what the member is writing; a sweep removes it if it stays unsent.

    `is_internal`: of a note, never of anything that leaves. Not audited: like a draft
    it is nobody's business until it is sent. Raises FileRefusedError.
    """
    attachment = store_file(upload, account_id=conversation.account_id)
    attachment.conversation = conversation
    attachment.is_internal = is_internal
    attachment.uploaded_by = member
    try:
        attachment.save()
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


def copies_for(source: Message, member: Membership) -> list[Attachment]:
    """The files of a message once more, each with bytes of its own: unsent ones."""
    copied = []
    for one in source.attachments.filter(state=FileState.READY).order_by("pk"):
        copy = Attachment(
            account_id=one.account_id,
            conversation_id=one.conversation_id,
            uploaded_by=member,
            name=one.name,
            content_type=one.content_type,
            size=one.size,
            width=one.width,
            height=one.height,
        )
        with one.file.open("rb") as file:
            name = f"{one.account_id}/{secrets.token_hex(20)}"
            copy.file.save(name, ContentFile(file.read()), save=True)
        copied.append(copy)
    return copied
