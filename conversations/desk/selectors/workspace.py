"""All that one open conversation shows, in a fixed number of queries."""

from dataclasses import dataclass

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership, User
from agentdesk.live.presence import present_at
from conversations.desk.selectors import thread
from conversations.inquiries.selectors.current import current_or_last
from conversations.models import Conversation, Inquiry
from conversations.replies.selectors.composer import Composer, composer
from conversations.webchat.selectors.visitor_card import VisitorCard, visitor_card
from customers.people.selectors.panel import CustomerPanel, customer_panel


@dataclass(frozen=True)
class Workspace:
    conversation: Conversation
    member: Membership
    inquiry: Inquiry | None  # the open one, else the last
    thread: thread.Thread
    composer: Composer
    viewers: list["Viewer"]
    panel: CustomerPanel
    visitor: VisitorCard | None


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
