"""The conversation of an address, where the member may see it."""

from django.shortcuts import get_object_or_404

from agentdesk.web.http import DeskRequest
from conversations.models import Conversation


def visible_conversation(request: DeskRequest, pk: int) -> Conversation:
    return get_object_or_404(
        Conversation.objects.visible_to(request.access).select_related(
            "account", "customer"
        ),
        pk=pk,
    )
