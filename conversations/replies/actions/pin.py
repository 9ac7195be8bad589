"""Messages that stand at the head of their thread, for whoever opens it next."""

from django.db import transaction

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.exceptions import TooManyPinsError
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.models import Conversation, Message, Pin

MOST_PINS = 3


@transaction.atomic
def pin_message(message: Message, *, member: Membership) -> None:
    """Pinned already, it stays so. Raises TooManyPinsError."""
    conversation = lock(message.conversation)
    if conversation.pins.filter(message=message).exists():
        return
    if conversation.pins.count() >= MOST_PINS:
        raise TooManyPinsError(MOST_PINS)
    Pin.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        message=message,
        by=member,
    )
    log.record("message.pinned", message, actor=member.user)
    _note_pins(conversation, message)


@transaction.atomic
def unpin_message(message: Message, *, member: Membership) -> None:
    conversation = lock(message.conversation)
    deleted, _rows = conversation.pins.filter(message=message).delete()
    if not deleted:
        return
    log.record("message.unpinned", message, actor=member.user)
    _note_pins(conversation, message)


def _note_pins(conversation: Conversation, message: Message) -> None:
    conversation.pin_count = conversation.pins.count()
    conversation.save(update_fields=["pin_count"])
    events.pins_changed(conversation)
    events.marks_changed(message)
