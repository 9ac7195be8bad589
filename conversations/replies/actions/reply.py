"""Answering the customer in writing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from agentdesk.accounts.models import Membership
from conversations.choices import Direction
from conversations.exceptions import NewerMessageError
from conversations.inquiries.actions.conversation import lock
from conversations.models import Conversation, Message
from conversations.replies.actions.compose import drop_draft, give_back, hold_lease
from conversations.replies.actions.repeat import same_again
from conversations.replies.actions.written_reply import (
    Written,
    checked_reply,
    write_reply,
)


@transaction.atomic
def send_reply(
    conversation: Conversation,
    *,
    member: Membership,
    body: str,
    client_id: UUID,
    file_keys: Sequence[str] = (),
    seen_message_id: int | None = None,
    via: str = "",
    quotes: int | None = None,
    data: Mapping[str, Any] | None = None,
    preserves_draft: bool = False,
    held_for: timedelta = timedelta(0),
) -> Message:
    """Answer by the chosen channel (`ReplyOption.value`), else on the customer's last.

    The same `client_id` is one reply. `seen_message_id` is the newest message on the
    writer's screen, `quotes` the customer's message it answers to, where the channel
    can show that; `data` what the channel carries besides (subject, template).
    `file_keys` are of files the member has uploaded for a reply here. What the member
    has begun to write is sent by this, unless `preserves_draft`. For `held_for` the writer
    may undo it (withdraw.py), but on our own pages, where it is read at once.
    Raises RefusalError kinds: LeaseHeldError, NewerMessageError, EmptyMessageError,
    TooLongError, NoReplyChannelError, ClosedChannelError, FileNotCarriedError,
    FileGoneError, AlreadySentError.
    """
    conversation = lock(conversation)
    written = conversation.messages.filter(client_id=client_id).first()
    if written is not None:
        return same_again(written, body=body, file_keys=file_keys)
    fresh = Written(body, file_keys, via, quotes, data)
    reply = checked_reply(conversation, fresh, member=member)
    hold_lease(conversation, member=member)
    refuse_unseen(conversation, member, seen_message_id)
    message = write_reply(
        conversation, reply, member=member, client_id=client_id, held_for=held_for
    )
    if not preserves_draft:
        drop_draft(conversation, member=member, is_note=False, client_id=client_id)
    give_back(conversation, member=member)
    return message


def refuse_unseen(
    conversation: Conversation, member: Membership, seen_message_id: int | None
) -> None:
    """Refuse while a message of the customer, or a colleague's, is not on the screen."""
    if seen_message_id is None:
        return
    theirs = Q(direction=Direction.OUTBOUND) & ~Q(author=member)
    unseen = conversation.messages.filter(
        Q(direction=Direction.INBOUND) | theirs, pk__gt=seen_message_id
    )
    if unseen.exists():
        raise NewerMessageError
