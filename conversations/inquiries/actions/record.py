"""The quiet lines of the thread that tell what happened to an inquiry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from agentdesk.accounts.models import Membership, User
from conversations.choices import Direction, MessageKind
from conversations.contents.system_line import SystemLine
from conversations.live import events
from conversations.models import Conversation, Inquiry, Message


def add_line(
    conversation: Conversation,
    inquiry: Inquiry | None,
    event: str,
    *,
    actor: User | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Message:
    """Write one system line, at that time or now. Called inside the action it tells of."""
    message = Message.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        inquiry=inquiry,
        kind=MessageKind.SYSTEM,
        direction=Direction.INTERNAL,
        author=_member(conversation, actor),
        event=event,
        occurred_at=at or timezone.now(),
        data=SystemLine(before or {}, after or {}).as_data(),
    )
    events.message_added(message)
    return message


def _member(conversation: Conversation, actor: User | None) -> Membership | None:
    if actor is None:
        return None
    return Membership.objects.filter(
        user=actor, account_id=conversation.account_id
    ).first()
