"""Who may watch, and be told of, what happens in a conversation."""

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import ROLE_PERMISSIONS, Permission
from conversations.choices import InboxState
from conversations.models import Conversation, Inbox, Inquiry, Message

_SEE_ALL = [
    r for r, may in ROLE_PERMISSIONS.items() if Permission.SEE_ALL_INBOXES in may
]


def watchable_conversations(access: Access, ids: set[int]) -> set[int]:
    visible = Conversation.objects.visible_to(access).filter(pk__in=ids)
    return set(visible.values_list("pk", flat=True))


def newest_messages(ids: set[int]) -> dict[int, int]:
    """The last message of each conversation; of one without any, 0."""
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-pk")
    rows = Conversation.objects.filter(pk__in=ids).annotate(
        newest=Coalesce(Subquery(newest.values("pk")[:1]), 0)
    )
    return dict(rows.values_list("pk", "newest"))


def watchable_inboxes(access: Access, ids: set[int]) -> set[int]:
    """Those whose settings the member may open."""
    mine = [
        pk for pk in access.account_ids if access.allows(Permission.MANAGE_SETTINGS, pk)
    ]
    rows = Inbox.objects.filter(pk__in=ids, account__in=mine)
    return set(rows.values_list("pk", flat=True))


def watching_members(conversation: Conversation) -> QuerySet[Membership]:
    """Whom its notes may name: `models.partly_live` read from the conversation's side."""
    members = Membership.objects.active().filter(account_id=conversation.account_id)
    inquiry = _tried(conversation)
    if inquiry is None or inquiry.partial_inbox is None:
        return members
    chosen = inquiry.partial_inbox.partial_members.values("pk")
    return members.filter(
        Q(role__in=_SEE_ALL) | Q(pk__in=chosen) | Q(pk=inquiry.owner_id)
    )


def _tried(conversation: Conversation) -> Inquiry | None:
    """Work of an inbox that chosen members try: open, or where nothing else ever was."""
    every = conversation.inquiries
    tried = every.filter(
        partial_inbox__state=InboxState.PARTIAL,
        partial_inbox__partial_members__isnull=False,
    ).select_related("partial_inbox")
    found = tried.open().first() or tried.order_by("-pk").first()
    if found is None or found.is_open or not every.exclude(pk__in=tried).exists():
        return found
    return None
