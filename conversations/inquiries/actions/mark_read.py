from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.models import Conversation, Message, Notification


@transaction.atomic
def mark_read(conversation: Conversation, *, member: Membership) -> int:
    """The member has read the customer's messages; the customer may see so.

    Also settles the member's notifications of this conversation. Not audited: reading
    one's own work changes nothing of it. Returns how many messages were unread.
    """
    now = timezone.now()
    settled = Notification.objects.filter(
        member__user=member.user_id, conversation=conversation, seen_at__isnull=True
    )
    for notification in settled.select_for_update(no_key=True):
        notification.seen_at = now
        notification.save(update_fields=["seen_at"])
        events.notified(notification)
    lock(conversation)  # what arrives meanwhile is unread afterwards
    unread = Message.objects.filter(
        conversation=conversation,
        direction=Direction.INBOUND,
        kind=MessageKind.TEXT,
        state=DeliveryState.RECEIVED,
        read_at__isnull=True,
    )
    newest = unread.order_by("-pk").first()
    if newest is None:
        return 0
    count = unread.filter(pk__lte=newest.pk).update(read_at=now)
    conversation.is_unread = False
    conversation.save(update_fields=["is_unread"])
    events.messages_read(newest)
    return count
