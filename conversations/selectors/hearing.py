"""Which live topics of this app a member may watch."""

from agentdesk.accounts.access import Access
from conversations.models import Conversation


def heard_conversations(access: Access, ids: set[int]) -> set[int]:
    visible = Conversation.objects.visible_to(access).filter(pk__in=ids)
    return set(visible.values_list("pk", flat=True))
