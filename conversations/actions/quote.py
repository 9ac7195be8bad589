"""A reply that points at the message it answers."""

from conversations.models import Conversation, Message
from conversations.selectors.reply_option import ReplyOption


def quotation(
    conversation: Conversation, option: ReplyOption, quotes: int | None
) -> dict[str, str]:
    """What the reply's data say of it; nothing where the channel cannot show it.

    The adapter gets the provider's id, and the token it may need for quoting.
    """
    if quotes is None or not option.capabilities.has_quotes:
        return {}
    quoted: Message | None = conversation.messages.filter(
        pk=quotes,
        inbox=option.inbox,
        provider_message_id__isnull=False,
        removed_at__isnull=True,
    ).first()
    if quoted is None:
        return {}
    token = str(quoted.data.get("quote_token", ""))
    said = {"quoted": quoted.provider_message_id or ""}
    return {**said, "quote_token": token} if token else said
