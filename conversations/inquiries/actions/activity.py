"""What the newest message changes on its conversation and its inquiry."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from agentdesk.accounts.models import ClientAccount
from conversations.choices import (
    Direction,
    InquiryStatus,
    MessageContent,
    MessageKind,
)
from conversations.contents.call_lines import CallLines
from conversations.messages.text import preview_of
from conversations.models import Conversation, Inquiry, Message
from conversations.routing.due import due_of

# The fields concerned.
REPEATED = (
    *("preview", "last_channel", "last_message_at"),
    *("last_direction", "last_author", "is_unread"),
)
DUE = ("due_at", "due_soon_at", "waits_live")
WAITING = ("waiting_since", "last_activity_at", "snoozed_until", "status", *DUE)

_CONTENTS = {
    str(one): one
    for one in (
        MessageContent.IMAGE,
        MessageContent.VIDEO,
        MessageContent.AUDIO,
        MessageContent.STICKER,
    )
}


def note_activity(
    conversation: Conversation, message: Message, *, kind: str = ""
) -> None:
    """Repeat the newest message on the conversation, for the lists.

    `kind`, or media type, of its first file names a message that has no text.
    """
    if note(conversation, message, kind=kind):
        conversation.save(update_fields=REPEATED)


def note(conversation: Conversation, message: Message, *, kind: str = "") -> bool:
    """The same, not written yet; False where a newer one is known."""
    if message.kind == MessageKind.TEXT and message.direction == Direction.INBOUND:
        conversation.is_unread = True
    elif message.author_id is not None and message.direction == Direction.OUTBOUND:
        conversation.is_unread = False
    newest = conversation.last_message_at
    if newest and message.occurred_at < newest:
        return False
    lines = CallLines.of(message)
    text = lines.heading if lines else message.body
    conversation.preview = preview_of(text) or _words_for(message, kind)
    conversation.last_channel = message.channel or conversation.last_channel
    conversation.last_message_at = message.occurred_at
    conversation.last_direction = message.direction
    conversation.last_author_id = message.author_id
    return True


def _words_for(message: Message, kind: str) -> str:
    """A message without text, named in the language of the account."""
    content = MessageContent(message.content)
    if content == MessageContent.TEXT and kind:
        content = _CONTENTS.get(kind.partition("/")[0], MessageContent.FILE)
    if content == MessageContent.TEXT:
        return ""
    with translation.override(message.account.locale):
        return f"[{content.label}]"


def start_waiting(
    inquiry: Inquiry, at: datetime, *, channel: str, account: ClientAccount
) -> None:
    """The customer waits from their oldest unanswered message; a snooze ends."""
    wait(inquiry, at, channel=channel, account=account)
    inquiry.save(update_fields=WAITING)


def wait(
    inquiry: Inquiry, at: datetime, *, channel: str, account: ClientAccount
) -> bool:
    """The same, not written yet; whether they begin to wait in a chat by this."""
    was_waiting = inquiry.waiting_since is not None
    was_live = was_waiting and inquiry.waits_live
    take_due(inquiry, at, channel=channel, account=account)
    inquiry.waiting_since = min(inquiry.waiting_since or at, at)
    inquiry.last_activity_at = max(inquiry.last_activity_at, at)
    inquiry.snoozed_until = None
    if inquiry.status == InquiryStatus.PENDING:
        inquiry.status = InquiryStatus.ACTIVE if inquiry.owner else InquiryStatus.NEW
    return inquiry.waits_live and not was_live


def take_due(
    inquiry: Inquiry, since: datetime, *, channel: str, account: ClientAccount
) -> None:
    """By when they are answered: of all that waits, what is due first."""
    due = due_of(account, channel, since)
    if inquiry.waiting_since is None:
        inquiry.due_at, inquiry.due_soon_at = due.at, due.soon
        inquiry.waits_live = due.is_live
        return
    inquiry.due_at = min(inquiry.due_at or due.at, due.at)
    inquiry.due_soon_at = min(inquiry.due_soon_at or due.soon, due.soon)
    inquiry.waits_live = inquiry.waits_live or due.is_live


def wait_along(inquiry: Inquiry, left: Inquiry) -> None:
    """Who has waited in `left` waits here from now on, for as long. Not written yet."""
    waiting = [one for one in (inquiry, left) if one.waiting_since is not None]
    inquiry.due_at = _earliest(one.due_at for one in waiting)
    inquiry.due_soon_at = _earliest(one.due_soon_at for one in waiting)
    inquiry.waits_live = any(one.waits_live for one in waiting)
    inquiry.waiting_since = _earliest(one.waiting_since for one in waiting)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)
