"""Internal notes: never seen by the customer."""

import re
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.actions.compose import drop_draft
from conversations.actions.notify import notify
from conversations.actions.receive import lock
from conversations.choices import Direction, MessageKind, NotificationKind
from conversations.exceptions import EmptyMessageError, TooLongError
from conversations.live import events
from conversations.models import Conversation, Mention, Message
from conversations.models.message import MAX_BODY
from conversations.selectors.hearing import hearing_members
from conversations.text import prepare_body

_AT = re.compile("[@＠]")


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
        body=body,
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
    """Members whose name stands behind an @, with or without its space."""
    if not _AT.search(body):
        return []
    text = "".join(_AT.sub("@", body).split())
    return [
        member
        for member in hearing_members(conversation).select_related("user")
        if any(f"@{name}" in text for name in _spellings(member.user))
    ]


def _spellings(user: User) -> set[str]:
    """Family name first and last: the writer's language decides which was offered."""
    family, given = "".join(user.family_name.split()), "".join(user.given_name.split())
    return {family + given, given + family} - {""}
