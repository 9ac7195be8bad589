"""Who may write in a conversation now, on what channel, and what they had begun."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.prepared import prepared
from conversations.inquiries.selectors.continued import continued_in
from conversations.models import ComposeLease, Conversation, Draft
from conversations.outbound.reply_option import ReplyOption, ReplyOptions
from conversations.outbound.reply_options import Known, reply_options
from conversations.replies.selectors.draft import begun_files
from conversations.replies.selectors.picked import (
    Held,
    Picked,
    first_picked,
    picked_again,
)


@dataclass(frozen=True)
class Composer:
    """Who may write now, on what, and what they had begun."""

    conversation: Conversation
    member: Membership
    replies: ReplyOptions
    picked: Picked
    reply_draft: str
    reply_client: UUID | None  # what it will be sent under
    note_draft: str
    note_client: UUID | None
    beside: dict[str, Any]  # what stands beside the text of the reply
    note_beside: dict[str, Any]  # its files: a note has nothing else
    holder: Membership | None  # another member who is answering
    can_break: bool
    can_write: bool
    continued: Conversation | None  # where it goes on since two were joined

    @property
    def chosen(self) -> ReplyOption | None:
        """None: no channel can carry a written reply."""
        return self.picked.option


@prepared
def drafts_of(conversation_id: int, member_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(conversation=conversation_id, member=member_id)


def composer(
    access: Access, conversation: Conversation, known: Known | None = None
) -> Composer:
    member = access.membership_in(conversation.account_id)
    drafts = {draft.is_note: draft for draft in drafts_of(conversation.pk, member.pk)}
    begun, note = drafts.get(False), drafts.get(True)
    lease: ComposeLease | None = getattr(conversation, "lease", None)
    holder = None
    if lease and lease.is_live and lease.member.user_id != member.user_id:
        holder = lease.member
    known = known or Known.of(conversation)
    replies = reply_options(conversation, known)
    return Composer(
        conversation=conversation,
        member=member,
        replies=replies,
        picked=_picked(replies, begun),
        reply_draft=begun.body if begun else "",
        reply_client=begun.client_id if begun else None,
        note_draft=note.body if note else "",
        note_client=note.client_id if note else None,
        beside=begun.beside | begun_files(begun) if begun else {},
        note_beside=begun_files(note) if note else {},
        holder=holder,
        can_break=access.allows(Permission.BREAK_LEASE, conversation.account_id),
        can_write=access.allows(Permission.REPLY, conversation.account_id),
        continued=continued_in(conversation, known.identities),
    )


def _picked(replies: ReplyOptions, begun: Draft | None) -> Picked:
    """The channel the reply was begun for."""
    if begun is None or not begun.beside.get("via"):
        return first_picked(replies)
    beside = begun.beside
    held = Held(via=beside["via"], usual=beside.get("usual", ""), is_chosen=True)
    return picked_again(replies, held)
