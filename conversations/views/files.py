"""Files of messages: served after a check, never by their place on disk."""

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from conversations.actions.keep_file import keep_for_reply
from conversations.exceptions import RefusalError
from conversations.models import Attachment
from conversations.views.thread import visible_conversation


@require_POST
@signed_in
def upload(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep a file for the reply being written; the answer is its key."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return HttpResponse(status=400)
    try:
        attachment = keep_for_reply(sent, conversation=conversation, member=member)
    except RefusalError as refusal:
        return JsonResponse({"error": str(refusal)}, status=STATUS_INVALID)
    return JsonResponse({"key": attachment.key, "name": attachment.name}, status=201)


@require_GET
@signed_in
def file(request: DeskRequest, key: str) -> HttpResponseBase:
    """A safe picture to look at, all else to save."""
    found = get_object_or_404(Attachment.objects.visible_to(request.access), key=key)
    return as_response(found)


def as_response(attachment: Attachment) -> FileResponse:
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=not attachment.is_image,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
