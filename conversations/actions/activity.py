"""What the newest message changes on its conversation and its inquiry."""

from datetime import datetime

from django.utils import translation

from conversations.choices import InquiryStatus, MessageContent
from conversations.models import Conversation, Inquiry, Message
from conversations.text import preview_of

# The fields concerned.
REPEATED = ("preview", "last_channel", "last_message_at")
WAITING = ("waiting_since", "last_activity_at", "snoozed_until", "status")


def note_activity(conversation: Conversation, message: Message) -> None:
    """Repeat the newest message on the conversation, for the lists."""
    if note(conversation, message):
        conversation.save(update_fields=REPEATED)


def note(conversation: Conversation, message: Message) -> bool:
    """The same, not written yet; False where a newer one is known."""
    newest = conversation.last_message_at
    if newest and message.occurred_at < newest:
        return False
    conversation.preview = preview_of(message.body) or _words_for(message)
    conversation.last_channel = message.channel or conversation.last_channel
    conversation.last_message_at = message.occurred_at
    return True


def _words_for(message: Message) -> str:
    """A message without text, named in the language of the account."""
    if message.content == MessageContent.TEXT:
        return ""
    with translation.override(message.account.locale):
        return f"[{message.get_content_display()}]"


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
