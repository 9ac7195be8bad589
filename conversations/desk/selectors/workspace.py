"""All that one open conversation shows, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from agentdesk.accounts.access import Access, stand_in
from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.roles import Permission
from agentdesk.live.presence import present_at
from agentdesk.prepared import as_prefetched, prepared, read_ahead
from conversations.calls.selectors.promises import promises_ahead
from conversations.desk.selectors import thread
from conversations.desk.selectors.history import History, history, history_ahead
from conversations.desk.selectors.pins import pins_of
from conversations.desk.selectors.thread_place import around
from conversations.inquiries.selectors.current import current_inquiries, current_or_last
from conversations.models import Conversation, Inquiry, Message, Pin
from conversations.models.partly_live import hidden_conversations
from conversations.outbound.reply_options import Known, inboxes_of
from conversations.outbound.way_to_reply import (
    identities_reached,
    last_inbound_message,
    reachable_identities,
    reaches_known,
)
from conversations.replies.selectors.composer import Composer, composer, drafts_of
from conversations.replies.selectors.scheduled import Scheduled, scheduled_replies
from conversations.webchat.selectors.visitor_card import (
    VisitorCard,
    visitor_card,
    visitors_of,
    visitors_seen,
)
from customers.models import Identity
from customers.orders.selectors import first_orders
from customers.people.selectors.contacts import claims_ahead
from customers.people.selectors.panel import (
    CustomerPanel,
    cart_lines_of,
    customer_panel,
    definitions_of,
)


@dataclass(frozen=True)
class Workspace:
    conversation: Conversation
    member: Membership
    inquiry: Inquiry | None  # the open one, else the last
    thread: thread.Thread
    composer: Composer
    viewers: list["Viewer"]
    panel: CustomerPanel
    history: History
    visitor: VisitorCard | None
    scheduled: list[Scheduled]
    pins: Sequence[Pin]


@dataclass(frozen=True)
class Viewer:
    user: User
    is_writing: bool


def visible_with_customer(access: Access, pk: int) -> Conversation | None:
    """The conversation with all that the workspace names, if the member may see it."""
    found: Iterable[Conversation] = ()
    sees_all_alike = hidden_conversations(access) is None
    manages = access.allows_anywhere(Permission.MANAGE_SETTINGS)
    if sees_all_alike:
        found = _visible(pk, access.account_ids)
    # Who manages the settings sees what was written while an inbox was tested as well.
    if not found and (not sees_all_alike or manages):
        found = _with_customer(Conversation.objects.visible_to(access).filter(pk=pk))
    return next(iter(found), None)


@prepared
def _visible(pk: int, account_ids: list[int]) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(stand_in(account_ids))
    return _with_customer(rows.filter(pk=pk))


def _with_customer(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.select_related(
        "account", "customer__rank", "customer__account", "lease__member__user"
    )


def workspace(
    access: Access, conversation: Conversation, at: Message | None = None
) -> Workspace:
    """Read in two round trips, and a few more where a customer is out of the ordinary.

    The thread is opened at the message `at`, else at its end.
    """
    member = access.membership_in(conversation.account_id)
    account, customer, here = (
        conversation.account_id,
        conversation.customer_id,
        conversation.pk,
    )
    with read_ahead(
        thread.newest_messages.of(here),
        identities_reached.of(customer, here),
        current_inquiries.of(here),
        drafts_of.of(here, member.pk),
        inboxes_of.of(account),
        visitors_seen.of(customer, here),
        definitions_of.of(account),
        first_orders.of(customer),
        cart_lines_of.of(customer),
        *history_ahead(access, conversation.customer),
    ):
        found = _with_what_belongs_to_it(access, conversation)
    if at is None:
        return found
    return replace(found, thread=around(conversation, at=at))


def _with_what_belongs_to_it(access: Access, conversation: Conversation) -> Workspace:
    """The second round trip, whose questions the first one has answered."""
    identities = reachable_identities(conversation)
    customer = conversation.customer
    own = [one for one in identities if one.customer_id == customer.pk]
    as_prefetched(customer, "identities", own)
    messages = thread.newest_messages(conversation.pk)
    with read_ahead(
        thread.files_of.of([message.pk for message in messages]),
        *promises_ahead(messages[: thread.PAGE_SIZE]),
        claims_ahead(customer, own),
        reaches_known.of(sorted({one.pk for one in identities})),
    ):
        return _put_together(access, conversation, identities)


def _put_together(
    access: Access, conversation: Conversation, identities: list[Identity]
) -> Workspace:
    """What two regions show (addresses, claims, visitors) is read once for both."""
    shown = thread.latest(conversation)
    customer = conversation.customer
    panel = customer_panel(customer)
    visitors = visitors_of(conversation)
    known = Known(
        identities=identities,
        claims=[one.claim for one in panel.contacts.stated],
        visited={one.inbox_id for one in visitors if one.customer_id == customer.pk},
        last=shown.last_inbound or _last_inbound(conversation, shown),
    )
    return Workspace(
        conversation=conversation,
        member=access.membership_in(conversation.account_id),
        inquiry=current_or_last(conversation),
        thread=shown,
        composer=composer(access, conversation, known),
        viewers=viewers(access, conversation),
        panel=panel,
        history=history(access, customer),
        visitor=visitor_card(conversation, visitors),
        scheduled=scheduled_replies(access, conversation),
        pins=pins_of(conversation),
    )


def _last_inbound(conversation: Conversation, shown: thread.Thread) -> Message | None:
    """It stands above what is shown, or nowhere."""
    return last_inbound_message(conversation) if shown.has_earlier else None


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
