"""Giving an inquiry to a colleague with a line of what they should know (申し送り)."""

from django.db import transaction

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import Direction, MessageKind
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.actions.inquiry import assign
from conversations.live import events
from conversations.messages.text import is_blank, prepare_body
from conversations.models import Inquiry, Message

LONGEST_NOTE = 500  # characters


@transaction.atomic
def hand_over(
    inquiry: Inquiry, *, member: Membership, owner: Membership | None, note: str
) -> Inquiry:
    """Assign it; the note is an internal one, and what the new owner is notified with.

    Raises what `assign` raises, and nothing is written then.
    """
    body = prepare_body(note, LONGEST_NOTE)
    message = None if is_blank(body) else _add_note(inquiry, member, body)
    return assign(inquiry, actor=member.user, owner=owner, note=message)


def _add_note(inquiry: Inquiry, member: Membership, body: str) -> Message:
    message = Message.objects.create(
        account_id=inquiry.account_id,
        conversation=lock(inquiry.conversation),
        inquiry=inquiry,
        kind=MessageKind.NOTE,
        direction=Direction.INTERNAL,
        author=member,
        body=body,
    )
    log.record("note.added", message, actor=member.user)
    events.message_added(message)
    return message
