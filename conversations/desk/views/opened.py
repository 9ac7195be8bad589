"""What is looked at again when a conversation is shown from the browser's memory."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.inquiries.selectors.current import current_or_last
from conversations.inquiries.views.visible import visible_conversation
from conversations.replies.selectors.composer import composer


@require_GET
@signed_in
def opened(request: DeskRequest, pk: int) -> HttpResponse:
    """The bar of the inquiry and who may write now, in one answer."""
    conversation = visible_conversation(request, pk)
    context = {
        "conversation": conversation,
        "inquiry": current_or_last(conversation),
        "member": request.access.membership_in(conversation.account_id),
        "composer": composer(request.access, conversation),
    }
    return render(request, "desk/_opened.jinja", context)
