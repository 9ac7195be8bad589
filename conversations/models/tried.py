"""Who sees the work of a partly live inbox that chosen members try."""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from agentdesk.accounts.access import Access
from conversations.models.inbox import Inbox


def kept_from(access: Access) -> Q | None:
    """Inquiries of inboxes that others try, but for the user's own: the one rule.

    None: the user sees all there is.
    """
    hidden = Inbox.objects.hidden_from(access)
    if hidden is None:
        return None
    is_others = Q(owner__isnull=True) | ~Q(owner__in=_own(access))
    return Q(partial_inbox__isnull=False, partial_inbox__in=hidden) & is_others


def is_kept_from(access: Access) -> Q | None:
    """The same of conversations: with such work open, or with nothing else ever.

    Whoever is on a call with the customer has to see what the customer speaks of.
    """
    kept = kept_from(access)
    if kept is None:
        return None
    theirs = apps.get_model("conversations", "Inquiry").objects.filter(
        conversation=OuterRef("pk")
    )
    kept_ones = theirs.filter(kept)
    nothing_else = Q(Exists(kept_ones)) & ~Q(Exists(theirs.exclude(kept)))
    calls = apps.get_model("conversations", "Call").objects.running()
    on_call = calls.filter(conversation=OuterRef("pk"), member__in=_own(access))
    return (Q(Exists(kept_ones.open())) | nothing_else) & ~Q(Exists(on_call))


def _own(access: Access) -> list[int]:
    return [member.pk for member in access.memberships.values()]
