"""Stories of customers, from the provider's address to the agent's eyes, kept nowhere."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.choices import MessageContent
from conversations.inbound.fetch_story import fetch_story
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import Message


@require_GET
@signed_in
def story(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """The picture or video while the provider still shows it; 404 afterwards."""
    conversation = visible_conversation(request, pk)
    stories = Message.objects.filter(
        conversation=conversation, content=MessageContent.STORY, removed_at=None
    )
    found = get_object_or_404(
        stories.select_related("inbox__connection"), pk=message_pk
    )
    shown = fetch_story(found)
    if shown is None:
        raise Http404
    response = HttpResponse(shown.content, content_type=shown.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
