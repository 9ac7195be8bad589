from agentdesk.accounts.access import Access
from conversations.models import Notification

_SHOWN = 20


def recent_notifications(access: Access) -> list[Notification]:
    """The member's newest, over all of their accounts; unseen ones are marked so."""
    members = [member.pk for member in access.memberships.values()]
    return list(
        Notification.objects.filter(member_id__in=members)
        .select_related("conversation__customer", "account", "message__author__user")
        .order_by("-at", "-pk")[:_SHOWN]
    )
