"""What the newest message changes on its conversation and its inquiry."""

from datetime import datetime

from django.utils import translation

from conversations.choices import InquiryStatus, MessageContent
from conversations.contents.call_lines import CallLines
from conversations.messages.text import preview_of
from conversations.models import Conversation, Inquiry, Message

# The fields concerned.
REPEATED = ("preview", "last_channel", "last_message_at")
WAITING = ("waiting_since", "last_activity_at", "snoozed_until", "status")

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
    newest = conversation.last_message_at
    if newest and message.occurred_at < newest:
        return False
    lines = CallLines.of(message)
    text = lines.heading if lines else message.body
    conversation.preview = preview_of(text) or _words_for(message, kind)
    conversation.last_channel = message.channel or conversation.last_channel
    conversation.last_message_at = message.occurred_at
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


def start_waiting(inquiry: Inquiry, at: datetime) -> None:
    """The customer waits from their oldest unanswered message; a snooze ends."""
    wait(inquiry, at)
    inquiry.save(update_fields=WAITING)


def wait(inquiry: Inquiry, at: datetime) -> None:
    """The same, not written yet."""
    inquiry.waiting_since = min(inquiry.waiting_since or at, at)
    inquiry.last_activity_at = max(inquiry.last_activity_at, at)
    inquiry.snoozed_until = None
    if inquiry.status == InquiryStatus.PENDING:
        inquiry.status = InquiryStatus.ACTIVE if inquiry.owner else InquiryStatus.NEW
