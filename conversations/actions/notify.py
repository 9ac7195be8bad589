from agentdesk.accounts.models import Membership
from conversations.live import events
from conversations.models import Conversation, Message, Notification


def notify(
    member: Membership,
    kind: str,
    conversation: Conversation,
    *,
    message: Message | None = None,
) -> Notification:
    """Tell one member of something; what they have not seen yet is told only once."""
    unseen = Notification.objects.filter(
        member=member, kind=kind, conversation=conversation, seen_at__isnull=True
    ).first()
    if unseen is not None:
        unseen.message = message
        unseen.save(update_fields=["message"])
        notification = unseen
    else:
        notification = Notification.objects.create(
            account_id=conversation.account_id,
            member=member,
            kind=kind,
            conversation=conversation,
            message=message,
        )
    events.notified(notification)
    return notification
