"""All that one open conversation shows, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.roles import Permission
from agentdesk.live.presence import present_at
from conversations.models import ComposeLease, Conversation, Draft, Inquiry
from conversations.selectors import thread
from conversations.selectors.continued import continued_in
from conversations.selectors.draft import begun_files
from conversations.selectors.picked import Held, Picked, first_picked, picked_again
from conversations.selectors.reply_option import (
    ReplyOption,
    ReplyOptions,
    reply_options,
)
from conversations.selectors.visitor import VisitorCard, visitor_card
from customers.selectors.panel import CustomerPanel, customer_panel


@dataclass(frozen=True)
class Workspace:
    conversation: Conversation
    member: Membership
    inquiry: Inquiry | None  # the open one, else the last
    thread: thread.Thread
    composer: "Composer"
    viewers: list["Viewer"]
    panel: CustomerPanel
    visitor: VisitorCard | None


@dataclass(frozen=True)
class Composer:
    """Who may write now, on what, and what they had begun."""

    conversation: Conversation
    member: Membership
    replies: ReplyOptions
    picked: Picked
    reply_draft: str
    note_draft: str
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


@dataclass(frozen=True)
class Viewer:
    user: User
    is_writing: bool


def workspace(access: Access, conversation: Conversation) -> Workspace:
    return Workspace(
        conversation=conversation,
        member=access.membership_in(conversation.account_id),
        inquiry=current_or_last(conversation),
        thread=thread.latest(conversation),
        composer=composer(access, conversation),
        viewers=viewers(access, conversation),
        panel=customer_panel(conversation.customer),
        visitor=visitor_card(conversation),
    )


def current_or_last(conversation: Conversation) -> Inquiry | None:
    """The open inquiry; without one the last that was worked on."""
    rows = Inquiry.objects.filter(conversation=conversation).select_related(
        "owner__user", "reason__parent__parent", "queue"
    )
    return rows.open().first() or rows.order_by("-last_activity_at", "-pk").first()


def composer(access: Access, conversation: Conversation) -> Composer:
    member = access.membership_in(conversation.account_id)
    drafts = {
        draft.is_note: draft
        for draft in Draft.objects.filter(conversation=conversation, member=member)
    }
    begun, note = drafts.get(False), drafts.get(True)
    lease = (
        ComposeLease.objects.filter(conversation=conversation)
        .select_related("member__user")
        .first()
    )
    holder = None
    if lease and lease.is_live and lease.member.user_id != member.user_id:
        holder = lease.member
    replies = reply_options(conversation)
    return Composer(
        conversation=conversation,
        member=member,
        replies=replies,
        picked=_picked(replies, begun),
        reply_draft=begun.body if begun else "",
        note_draft=note.body if note else "",
        beside=begun.beside | begun_files(begun) if begun else {},
        note_beside=begun_files(note) if note else {},
        holder=holder,
        can_break=access.allows(Permission.BREAK_LEASE, conversation.account_id),
        can_write=access.allows(Permission.REPLY, conversation.account_id),
        continued=continued_in(conversation),
    )


def _picked(replies: ReplyOptions, begun: Draft | None) -> Picked:
    """The channel the reply was begun for."""
    if begun is None or not begun.beside.get("via"):
        return first_picked(replies)
    told = begun.beside
    held = Held(via=told["via"], usual=told.get("usual", ""), is_kept=True)
    return picked_again(replies, held)


def viewers(access: Access, conversation: Conversation) -> list[Viewer]:
    """Other members who have it open now."""
    present = {
        person.user_id: person
        for person in present_at(f"conversation:{conversation.pk}")
        if person.user_id != access.user.pk
    }
    if not present:
        return []
    users = User.objects.filter(
        pk__in=present, memberships__account=conversation.account_id
    ).order_by("family_name", "pk")
    return [Viewer(user, present[user.pk].is_writing) for user in users]
