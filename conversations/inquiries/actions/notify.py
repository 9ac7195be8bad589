"""Telling a member of what concerns them, and that they have seen it."""

from collections.abc import Iterable

from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.bulk_update import save_all
from conversations.choices import NotificationKind
from conversations.live import events
from conversations.models import Conversation, Message, Notification

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
    events.notified(notification)
    return notification


def notify_owners(messages: Iterable[Message]) -> None:
    """Of messages of customers, one a conversation: as `notify`, in a fixed number of queries."""
    newest = {
        (message.inquiry.owner_id, message.conversation_id): message
        for message in messages
        if message.inquiry is not None
        and message.inquiry.owner_id is not None
        and not message.conversation.customer.is_test
    }
    if not newest:
        return
    kind = NotificationKind.MESSAGE
    unseen = {
        (row.member_id, row.conversation_id): row
        for row in Notification.objects.filter(
            kind=kind,
            seen_at__isnull=True,
            member__in={member for member, _conversation in newest},
            conversation__in={conversation for _member, conversation in newest},
        )
    }
    again = [unseen[key] for key in newest if key in unseen]
    for row in again:
        row.message = newest[row.member_id, row.conversation_id]
    new = [
        Notification(
            account_id=message.account_id,
            member_id=member,
            kind=kind,
            conversation=message.conversation,
            message=message,
        )
        for (member, conversation), message in newest.items()
        if (member, conversation) not in unseen
    ]
    save_all(again, ("message",))
    Notification.objects.bulk_create(new)
    for notification in (*again, *new):
        events.notified(notification)


def notify_author(message: Message) -> None:
    """Of a reply that did not go: whoever wrote it may be somewhere else by now."""
    if message.author is not None:
        kind = NotificationKind.NOT_SENT
        notify(message.author, kind, message.conversation, message=message)


def mark_seen(notification: Notification) -> None:
    """The member has opened it. Not audited: it is nobody else's business."""
    Notification.objects.filter(pk=notification.pk, seen_at__isnull=True).update(
        seen_at=timezone.now()
    )


def mark_all_seen(members: Iterable[Membership]) -> None:
    """All that one user was told, in each of their places."""
    Notification.objects.filter(member__in=members, seen_at__isnull=True).update(
        seen_at=timezone.now()
    )
