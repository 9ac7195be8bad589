"""Telling a member of what concerns them, and that they have seen it."""

from collections.abc import Iterable

from django.utils import timezone

from agentdesk.accounts.models import Membership
from conversations.choices import NotificationKind
from conversations.models import Conversation, Message, Notification
from conversations.push.announce import announce

# Of the messages of a customer the first one calls; whatever a colleague or a clock
# has to say is a call of its own.
_NOTIFIED_ONCE = {NotificationKind.MESSAGE, NotificationKind.MISSED}


def notify(
    member: Membership,
    kind: str,
    conversation: Conversation,
    *,
    message: Message | None = None,
) -> Notification | None:
    """Tell one member of something; unseen messages of a customer are told only once.

    None: of a conversation that only tests an inbox nobody is told.
    """
    if conversation.customer.is_test:
        return None
    unseen = None
    if kind in _NOTIFIED_ONCE:
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
    announce(notification)
    return notification


def notify_author(message: Message) -> None:
    """Of a reply that did not go: whoever wrote it may be somewhere else by now."""
    if message.author is not None:
        kind = NotificationKind.NOT_SENT
        notify(message.author, kind, message.conversation, message=message)


def mark_seen(notification: Notification) -> None:
    """The member has opened it, and with it what else they were notified of that customer.

    Not audited: it is nobody else's business.
    """
    Notification.objects.filter(
        member=notification.member_id,
        conversation=notification.conversation_id,
        seen_at__isnull=True,
    ).update(seen_at=timezone.now())


def mark_all_seen(members: Iterable[Membership]) -> None:
    """All that one user was told, in each of their places."""
    Notification.objects.filter(member__in=members, seen_at__isnull=True).update(
        seen_at=timezone.now()
    )
