"""A reply that points at the message it answers."""

from conversations.choices import MessageKind
from conversations.models import Conversation, Message
from conversations.outbound.reply_option import ReplyOption


def quotation(
    conversation: Conversation, option: ReplyOption, quotes: int | None
) -> dict[str, str]:
    """What the reply's data say of it; nothing where the channel cannot show it."""
    if quotes is None or not option.capabilities.has_quotes:
        return {}
    quoted: Message | None = conversation.messages.filter(
        pk=quotes,
        inbox=option.inbox,
        kind=MessageKind.TEXT,
        provider_message_id__isnull=False,
        removed_at__isnull=True,
    ).first()
    return {"quoted": quoted.provider_message_id or ""} if quoted else {}
