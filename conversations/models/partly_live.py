"""Who sees the work of a partly live inbox that chosen members try."""

import time
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q

from agentdesk.accounts.access import Access
from agentdesk.accounts.roles import Permission
from conversations.choices import InboxState
from conversations.models.inbox import Inbox


@dataclass(frozen=True)
class Tried:
    inbox: int
    account: int
    members: frozenset[int]


_read: tuple[float, list[Tried]] = (0.0, [])


def _tried() -> list[Tried]:
    """Inboxes that chosen members try, as it is or was INBOX_MEMORY_SECONDS ago.

    Every look at a conversation asks, and hardly ever is there one.
    """
    global _read  # one answer for the whole process
    at, known = _read
    now = time.monotonic()
    if at and now - at < settings.INBOX_MEMORY_SECONDS:
        return known
    rows = Inbox.objects.filter(
        state=InboxState.PARTIAL, partial_members__isnull=False
    ).values_list("pk", "account_id", ArrayAgg("partial_members"))
    known = [Tried(pk, account, frozenset(members)) for pk, account, members in rows]
    _read = (now, known)
    return known


def _hidden_from(access: Access) -> list[int]:
    """Inboxes that others try, not this user."""
    others = {
        pk: member.pk
        for pk, member in access.memberships.items()
        if not access.allows(Permission.SEE_ALL_INBOXES, pk)
    }
    if not others:
        return []
    return [
        one.inbox
        for one in _tried()
        if one.account in others and others[one.account] not in one.members
    ]


def hidden_inquiries(access: Access) -> Q | None:
    """Inquiries of inboxes that others try, but for the user's own: the one rule.

    None: the user sees all there is.
    """
    hidden = _hidden_from(access)
    if not hidden:
        return None
    is_others = Q(owner__isnull=True) | ~Q(owner__in=_own(access))
    return Q(partial_inbox__isnull=False, partial_inbox__in=hidden) & is_others


def hidden_conversations(access: Access) -> Q | None:
    """The same of conversations: with such work open, or with nothing else ever.

    Whoever is on a call with the customer has to see what the customer speaks of.
    """
    hidden = hidden_inquiries(access)
    if hidden is None:
        return None
    theirs = apps.get_model("conversations", "Inquiry").objects.filter(
        conversation=OuterRef("pk")
    )
    hidden_ones = theirs.filter(hidden)
    nothing_else = Q(Exists(hidden_ones)) & ~Q(Exists(theirs.exclude(hidden)))
    calls = apps.get_model("conversations", "Call").objects.running()
    on_call = calls.filter(conversation=OuterRef("pk"), member__in=_own(access))
    return (Q(Exists(hidden_ones.open())) | nothing_else) & ~Q(Exists(on_call))


def _own(access: Access) -> list[int]:
    return [member.pk for member in access.memberships.values()]
