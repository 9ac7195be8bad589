"""What a reply or a note that was begun has beside its text."""

from typing import Any

from conversations.models import Attachment, Draft


def begun_files(draft: Draft) -> dict[str, Any]:
    """Its files that are still there, as an upload is answered; no query without any."""
    keys = draft.beside.get("files")
    if not keys:
        return {}
    rows = Attachment.objects.filter(
        key__in=keys,
        uploaded_by=draft.member_id,
        conversation=draft.conversation_id,
        is_internal=draft.is_note,
        message__isnull=True,
    ).order_by("pk")
    return {
        "files": [
            {
                "key": one.key,
                "name": one.name,
                "type": one.content_type,
                "size": one.size,
            }
            for one in rows
        ]
    }
