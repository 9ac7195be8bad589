"""Files of messages as responses that no browser takes for a page of ours."""

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
)

from conversations.choices import FileState
from conversations.messages.ranges import ranged
from conversations.models import Attachment


def as_response(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    if attachment.state != FileState.READY:
        raise Http404
    response = ranged(
        request,
        attachment.file.open("rb"),
        size=attachment.file.size,
        tag=attachment.key,
        as_attachment=not attachment.is_shown_inline,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    return _confined(response)


def preview_response(attachment: Attachment) -> HttpResponseBase:
    response = FileResponse(attachment.preview.open("rb"), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return _confined(response)


def _confined(response: HttpResponseBase) -> HttpResponseBase:
    """Whatever it really is, no browser takes it for a page of ours."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
