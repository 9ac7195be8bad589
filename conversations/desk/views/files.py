"""Files of messages: served after a check, never by their place on disk."""

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import (
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.disk import STATUS_FULL, full_text, is_full
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from conversations.desk.selectors import thread
from conversations.exceptions import RefusalError
from conversations.inbound.fetch_file import fetch_again
from conversations.inbound.tasks import fetch_file
from conversations.inquiries.views.visible import visible_conversation
from conversations.messages.serving import as_response, preview_response
from conversations.messages.store_file import store_draft_file
from conversations.messages.tasks import make_preview
from conversations.models import Attachment, Conversation

_KINDS = {"reply": False, "note": True}  # whether members alone see it


@require_POST
@signed_in
def upload(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep a file of what is being written, for that kind alone; the answer is its key."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    sent = request.FILES.get("file")
    kind = request.POST.get("kind")
    if not isinstance(sent, UploadedFile) or kind not in _KINDS:
        return HttpResponse(status=400)
    try:
        attachment = store_draft_file(
            sent, conversation=conversation, member=member, is_internal=_KINDS[kind]
        )
    except RefusalError as refusal:
        return JsonResponse({"error": str(refusal)}, status=STATUS_INVALID)
    except (OSError, OperationalError) as error:
        if not is_full(error):
            raise
        return JsonResponse({"error": full_text()}, status=STATUS_FULL)
    enqueue(make_preview, attachment.pk)
    data = {
        "key": attachment.key,
        "name": attachment.name,
        "type": attachment.content_type,
        "size": attachment.size,
    }
    return JsonResponse(data, status=201)


@require_GET
@signed_in
def file(request: DeskRequest, key: str) -> HttpResponseBase:
    """What is safe to look at or to play, all else to save."""
    found = get_object_or_404(_visible(request), key=key)
    return as_response(request, found)


@require_GET
@signed_in
def preview(request: DeskRequest, key: str) -> HttpResponseBase:
    """The small picture of a file."""
    found = get_object_or_404(_visible(request).exclude(preview=""), key=key)
    return preview_response(found)


@require_POST
@signed_in
def fetch(request: DeskRequest, key: str) -> HttpResponse:
    """Ask the provider once more for a file that could not be had."""
    found = get_object_or_404(_visible(request).filter(message__isnull=False), key=key)
    member = request.access.require(Permission.REPLY, found.account_id)
    if fetch_again(found, member=member):
        enqueue(fetch_file, found.pk)
    item = thread.one(
        visible_conversation(request, found.conversation_id), found.message_id or 0
    )
    return render(request, "desk/_message.jinja", {"item": item})


def _visible(request: DeskRequest) -> QuerySet[Attachment]:
    """Those of conversations that the member may open."""
    rows = Attachment.objects.visible_to(request.access)
    visible = Conversation.objects.visible_to(request.access)
    return rows.filter(conversation__in=visible)
