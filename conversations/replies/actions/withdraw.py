"""Taking back what one has just sent, while nobody outside has it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.exceptions import RefusalError, TooLateError
from conversations.inquiries.actions.activity import REPEATED, note
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.undo import undo as undo_change
from conversations.live import events
from conversations.models import Conversation, Inquiry, Message
from conversations.replies.actions.compose import save_draft

# A note is read by colleagues at once: it may be taken back as long as the button shows.
_NOTE_LIFE = timedelta(seconds=10)


@transaction.atomic
def withdraw(
    message: Message,
    *,
    member: Membership,
    body: str,
    beside: Mapping[str, Any] | None = None,
    client_id: UUID | None = None,
    inquiry_token: str = "",
) -> bool:
    """Undo a reply that is held back, or a note just written: it becomes a draft again.

    `body`, `beside` and `client_id` are what it was as a draft; it comes before what has
    been begun since. Nothing of the message stays but the audit's line. With
    `inquiry_token` what was done to its inquiry with it is undone too: False where that
    has been changed since and stays as it is. Raises TooLateError once it may have left.
    """
    conversation = lock(message.conversation)
    message = _withdrawable(message, member)
    inquiry = message.inquiry
    is_undone = True
    if inquiry is not None and inquiry_token:
        is_undone = _undo_after(inquiry, member, inquiry_token)
        inquiry.refresh_from_db()
    log.record("message.withdrawn", message, actor=member.user)
    events.message_changed(message)  # who reads it anew finds nothing
    message.attachments.update(message=None)
    message.delete()
    _repeat_newest(conversation)
    if inquiry is not None and message.direction == Direction.OUTBOUND:
        _wait_again(inquiry)
    is_note = message.kind == MessageKind.NOTE
    save_draft(
        conversation,
        member=member,
        body=body,
        is_note=is_note,
        beside=beside,
        client_id=client_id,
        is_before=True,
    )
    if inquiry is not None:
        events.inquiry_changed(inquiry)
    return is_undone


def _undo_after(inquiry: Inquiry, member: Membership, token: str) -> bool:
    """The reply is taken back in any case: it is what the customer must not get."""
    try:
        undo_change(inquiry, actor=member.user, token=token)
    except RefusalError:
        return False
    return True


def _withdrawable(message: Message, member: Membership) -> Message:
    """The message, locked: a worker that is about to send it waits, or was first."""
    found = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inquiry")
        .filter(pk=message.pk, author=member, deliveries__isnull=True)
        .filter(
            Q(
                direction=Direction.OUTBOUND,
                state=DeliveryState.QUEUED,
                held_until__gt=timezone.now(),
            )
            | Q(kind=MessageKind.NOTE, created_at__gt=timezone.now() - _NOTE_LIFE)
        )
        .first()
    )
    if found is None:
        raise TooLateError
    return found


def _repeat_newest(conversation: Conversation) -> None:
    """The list shows what came before it again."""
    newest = (
        conversation.messages.filter(kind=MessageKind.TEXT)
        .exclude(direction=Direction.INTERNAL)
        .order_by("-occurred_at", "-pk")
        .first()
    )
    conversation.last_message_at = None
    if newest is None:
        conversation.preview = conversation.last_channel = ""
        conversation.last_direction, conversation.last_author = "", None
    else:
        file = newest.attachments.order_by("pk").first()
        note(conversation, newest, kind=file.content_type if file else "")
        conversation.is_unread = newest.is_inbound and newest.read_at is None
    conversation.save(update_fields=REPEATED)


def _wait_again(inquiry: Inquiry) -> None:
    """The customer waits from the oldest message that nothing has answered."""
    texts = inquiry.messages.filter(kind=MessageKind.TEXT)
    answered = texts.filter(direction=Direction.OUTBOUND).order_by("-pk").first()
    waiting = texts.filter(
        direction=Direction.INBOUND, pk__gt=answered.pk if answered else 0
    )
    oldest = waiting.order_by("occurred_at").first()
    if inquiry.is_open and oldest is not None:
        inquiry.waiting_since = oldest.occurred_at
        inquiry.save(update_fields=["waiting_since"])
