"""What the web chat shows its visitors, and the line that puts it on a site."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from conversations.choices import Channel, Direction, InboxState, MessageKind
from conversations.connections.remembered import RememberedInboxes
from conversations.exceptions import SignedOutError
from conversations.models import Attachment, Inbox, Message, Visitor

PAGE = 30


_TRIAL = "-try-"
_SIGNER = Signer(salt="conversations.webchat-trial")


def _read_webchat(key: str) -> Inbox | None:
    plain, is_trial, _proof = key.partition(_TRIAL)
    inbox = (
        Inbox.objects.select_related("account", "queue", "webchat")
        .filter(key=plain, channel=Channel.WEBCHAT, webchat__isnull=False)
        .first()
    )
    if inbox is None:
        return None
    if is_trial:
        is_proven = constant_time_compare(key, trial_key(inbox))
        return inbox if is_proven and inbox.state == InboxState.TEST else None
    return inbox if inbox.is_active else None


def trial_key(inbox: Inbox) -> str:
    """The key by which testers reach the chat, and only while it is tested."""
    return f"{inbox.key}{_TRIAL}{_SIGNER.signature(inbox.key)}"


_webchats = RememberedInboxes(_read_webchat)


def active_webchat(key: str) -> Inbox | None:
    """The web chat of that key, as it is or was a moment ago."""
    return _webchats.get(key)


def is_origin_allowed(inbox: Inbox, origin: str, *, own: str) -> bool:
    """Whether pages of `origin` may carry the chat; our own (`own`) always may.

    "null" is what browsers send for pages of no site: those an app carries within it.
    """
    if origin.lower() == "null":
        return inbox.webchat.allow_null_origin
    allowed = {entry.rstrip("/").lower() for entry in inbox.webchat.allowed_origins}
    return origin.lower() in allowed | {own.lower(), settings.PUBLIC_URL.lower()}


def embed_line(inbox: Inbox, origin: str = "") -> str:
    """The one line a shop pastes. `origin` stands in where PUBLIC_URL is not set."""
    return f'<script src="{_address(origin)}/chat/{inbox.key}.js" async></script>'


def content_security_policy(origin: str = "") -> str:
    """What a site that sends a Content-Security-Policy adds to it for the chat.

    Nothing else is needed: styles lie in the shadow root, pictures are drawn.
    """
    address = _address(origin)
    socket = f"ws{address.removeprefix('http')}"
    return f"script-src {address}; connect-src {address} {socket}"


def _address(origin: str) -> str:
    return (settings.PUBLIC_URL or origin or "http://localhost:8000").rstrip("/")


def known_visitor(inbox: Inbox, key: UUID) -> Visitor | None:
    """Raises SignedOutError: whoever holds an earlier token reads nothing by it."""
    visitor = (
        Visitor.objects.select_related("customer__conversation", "account")
        .filter(inbox=inbox, key=key)
        .first()
    )
    if visitor is not None and visitor.signed_out_at is not None:
        raise SignedOutError
    return visitor


def reach_of(visitor: Visitor | None) -> str:
    """Where an answer reaches the visitor besides the chat, as they would write it."""
    if visitor is None:
        return ""
    addresses = (
        words.get(name)
        for name in ("email", "phone")
        for words in (visitor.stated, visitor.claims)
    )
    return next((str(address) for address in addresses if address), "")


def conversation_ids(visitor: Visitor) -> list[int]:
    """The conversations a visitor reads: their customer's, and the one before it."""
    conversation = getattr(visitor.customer, "conversation", None)
    ids = [conversation.pk] if conversation else []
    return ids + ([visitor.earlier_id] if visitor.earlier_id else [])


def visible_messages(visitor: Visitor) -> QuerySet[Message]:
    """What was said in the chat: no notes, no records, nothing of other channels."""
    return Message.objects.filter(
        conversation_id__in=conversation_ids(visitor),
        kind=MessageKind.TEXT,
        channel=Channel.WEBCHAT,
        direction__in=[Direction.INBOUND, Direction.OUTBOUND],
    )


def visible_files(visitor: Visitor) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        message__in=visible_messages(visitor), is_internal=False
    )


def history(
    visitor: Visitor | None, *, after: int = 0, before: int = 0
) -> dict[str, Any]:
    """A page of the chat, oldest first, as the widget reads it.

    `after` a message: the next ones. `before` one: the page above it. Else the newest.
    """
    if visitor is None:
        return {"messages": [], "more": False, "seen": 0}
    rows = visible_messages(visitor).select_related("author__user")
    rows = rows.prefetch_related("attachments")
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
    else:
        newest = rows.filter(pk__lt=before) if before else rows
        found = list(newest.order_by("-pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
    return {
        "messages": [
            message_data(message, message.attachments.all()) for message in found
        ],
        "more": more,
        "seen": seen_by_members(visitor),
    }


def seen_by_members(visitor: Visitor) -> int:
    """The newest message of the visitor that a member has looked at."""
    seen = visible_messages(visitor).filter(
        Q(read_at__isnull=False), direction=Direction.INBOUND
    )
    return seen.order_by("-pk").values_list("pk", flat=True).first() or 0


def message_data(message: Message, files: Iterable[Attachment]) -> dict[str, Any]:
    author = message.author
    return {
        "id": message.pk,
        "client_id": str(message.client_id) if message.client_id else None,
        "mine": message.is_inbound,
        "body": message.body,
        "at": message.occurred_at.isoformat(),
        "author": author.user.get_short_name() if author else "",
        "files": _files_data(files),
    }


def _files_data(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [
        {
            "key": file.key,
            "name": file.name,
            "type": file.content_type,
            "size": file.size,
            "image": file.is_image,
            "width": file.width,
            "height": file.height,
        }
        for file in files
    ]
