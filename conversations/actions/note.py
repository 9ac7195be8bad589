"""Internal notes: never seen by the customer."""

import re
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.actions.compose import drop_draft
from conversations.actions.notify import notify
from conversations.actions.receive import lock
from conversations.choices import Direction, MessageKind, NotificationKind
from conversations.exceptions import EmptyMessageError, TooLongError
from conversations.live import events
from conversations.models import Conversation, Mention, Message
from conversations.models.message import MAX_BODY
from conversations.text import prepare_body

# What the composer's picker writes: @[佐藤 花子](12), the number being the member's.
_MENTION = re.compile(r"@\[([^\]\n]{1,80})\]\((\d{1,18})\)")


@transaction.atomic
def add_note(
    conversation: Conversation, *, member: Membership, body: str, client_id: UUID
) -> Message:
    """Write a note; members named with @ are told. The same `client_id` is one note.

    Raises EmptyMessageError, TooLongError.
    """
    conversation = lock(conversation)
    written = conversation.messages.filter(client_id=client_id).first()
    if written is not None:
        return written
    if len(body) > MAX_BODY:
        raise TooLongError(MAX_BODY)
    body = prepare_body(body, MAX_BODY)
    if not body.strip():
        raise EmptyMessageError
    mentioned = _mentioned(conversation, body)
    inquiry = conversation.inquiries.open().first()
    message = Message.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        inquiry=inquiry,
        kind=MessageKind.NOTE,
        direction=Direction.INTERNAL,
        author=member,
        body=_MENTION.sub(r"@\1", body),
        client_id=client_id,
    )
    for colleague in mentioned:
        Mention.objects.create(message=message, member=colleague)
        if colleague.pk != member.pk:
            notify(colleague, NotificationKind.MENTION, conversation, message=message)
    drop_draft(conversation, member=member, is_note=True)
    log.record("note.added", message, actor=member.user)
    events.message_added(message)
    if inquiry is not None:
        inquiry.last_activity_at = timezone.now()
        inquiry.save(update_fields=["last_activity_at"])
        events.list_changed(inquiry)
    return message


def _mentioned(conversation: Conversation, body: str) -> list[Membership]:
    numbers = {int(number) for _name, number in _MENTION.findall(body)}
    return list(
        Membership.objects.active()
        .filter(pk__in=numbers, account_id=conversation.account_id)
        .select_related("user")
    )
