"""Internal notes: never seen by the customer."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.readings import folded
from agentdesk.audit import log
from conversations.choices import Direction, MessageKind, NotificationKind
from conversations.exceptions import EmptyMessageError, TooLongError
from conversations.inbound.receive import attach
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.selectors.watchers import watching_members
from conversations.live import events
from conversations.messages.claim_files import claim_files
from conversations.messages.text import is_blank, prepare_body
from conversations.models import Conversation, Mention, Message
from conversations.models.message import MAX_BODY
from conversations.replies.actions.compose import drop_draft
from conversations.replies.actions.repeat import same_again

_AT = re.compile("[@＠]")


@transaction.atomic
def add_note(
    conversation: Conversation,
    *,
    member: Membership,
    body: str,
    client_id: UUID,
    file_keys: Sequence[str] = (),
) -> Message:
    """Write a note; members named with @ are told. The same `client_id` is one note.

    `file_keys` are of files the member has uploaded for a note here.
    Raises EmptyMessageError, TooLongError, FileGoneError, AlreadySentError.
    """
    conversation = lock(conversation)
    written = conversation.messages.filter(client_id=client_id).first()
    if written is not None:
        return same_again(written, body=body, file_keys=file_keys)
    if len(body) > MAX_BODY:
        raise TooLongError(MAX_BODY)
    body = prepare_body(body, MAX_BODY)
    files = claim_files(file_keys, conversation, member, is_internal=True)
    if is_blank(body) and not files:
        raise EmptyMessageError
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
    attach(message, files)
    _notify_mentioned(message, member)
    drop_draft(conversation, member=member, is_note=True, client_id=client_id)
    log.record("note.added", message, actor=member.user)
    events.message_added(message)
    if inquiry is not None:
        inquiry.last_activity_at = timezone.now()
        inquiry.save(update_fields=["last_activity_at"])
        events.list_changed(inquiry)
    return message


def _notify_mentioned(message: Message, writer: Membership) -> None:
    conversation = message.conversation
    for colleague in _mentioned(conversation, message.body):
        Mention.objects.create(message=message, member=colleague)
        if colleague.pk != writer.pk:
            notify(colleague, NotificationKind.MENTION, conversation, message=message)


def _mentioned(conversation: Conversation, body: str) -> list[Membership]:
    """Members whose name, or its whole reading, stands behind an @, however spaced."""
    if not _AT.search(body):
        return []
    text = folded(body)
    return [
        member
        for member in watching_members(conversation).select_related("user")
        if any(f"@{name}" in text for name in _spellings(member.user) if name)
    ]


def _spellings(user: User) -> set[str]:
    """Family name first and last: the writer's language decides which was offered."""
    names = (user.family_name, user.given_name), (user.family_kana, user.given_kana)
    pairs = [(folded(family), folded(given)) for family, given in names]
    return {one for family, given in pairs for one in (family + given, given + family)}
