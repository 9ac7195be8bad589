"""Where providers reach us: their events, and the files of our replies."""

import structlog
from django.core.signing import BadSignature
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from agentdesk.disk import STATUS_FULL, full_text, is_full
from agentdesk.jobs.queueing import enqueue
from conversations.adapters.base import Adapter, WebhookRequest
from conversations.adapters.failures import (
    InvalidSignatureError,
    NotNowError,
    NotOfferedError,
)
from conversations.choices import Direction
from conversations.connections.connection import (
    adapter_of,
    connected_inbox,
    outbound_file,
)
from conversations.inbound.store import count_refusal, store_events
from conversations.inbound.tasks import process_inbox
from conversations.messages.previews.small import small_picture
from conversations.messages.serving import as_response, preview_response
from conversations.models import Attachment, Inbox

log = structlog.get_logger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, key: str) -> HttpResponse:
    """A provider's request: verified, kept, answered; understood afterwards."""
    inbox = _inbox(key)
    limit = adapter_of(inbox).capabilities.webhook_limit
    body = request.read(limit + 1)
    if len(body) > limit:
        return HttpResponse("The body is too large.", status=413)
    try:
        return _answer(request, inbox, body)
    except (InvalidSignatureError, IntegrityError):
        # Its secret may be another since a moment, or the inbox may be gone.
        inbox = _inbox(key, is_fresh=True)
    try:
        return _answer(request, inbox, body)
    except InvalidSignatureError:
        count_refusal(inbox)
    return HttpResponse("The signature is not valid.", status=403)


def _stored(
    inbox: Inbox, adapter: Adapter, webhook_request: WebhookRequest
) -> HttpResponse:
    try:
        for pk in store_events(inbox, adapter, webhook_request):
            enqueue(process_inbox, pk)
    except OperationalError as error:
        if not is_full(error):
            raise
        log.error("disk_full", inbox=inbox.pk, error=str(error))
        return HttpResponse(full_text(), status=STATUS_FULL)  # it posts it again
    response = adapter.acknowledgement
    return HttpResponse(response.body, content_type=response.content_type)


def _inbox(key: str, *, is_fresh: bool = False) -> Inbox:
    inbox = connected_inbox(key, is_fresh=is_fresh)
    if inbox is None:
        raise Http404
    return inbox


def _answer(request: HttpRequest, inbox: Inbox, body: bytes) -> HttpResponse:
    """Raises InvalidSignatureError."""
    adapter = adapter_of(inbox)
    webhook_request = _webhook_request(request, adapter, body)
    if request.method == "GET":
        try:
            response = adapter.challenge(webhook_request)
        except NotOfferedError:
            return HttpResponseNotAllowed(["POST"])
        return HttpResponse(response.body, content_type=response.content_type)
    try:
        adapter.verify(webhook_request)
    except NotNowError as error:
        return HttpResponse(str(error), status=503)
    return _stored(inbox, adapter, webhook_request)


def _webhook_request(
    request: HttpRequest, adapter: Adapter, body: bytes
) -> WebhookRequest:
    """The request under the address that the provider has used."""
    query = request.META.get("QUERY_STRING", "")
    url = adapter.connection.public_url or request.build_absolute_uri(request.path)
    return WebhookRequest(
        method=request.method or "",
        url=f"{url}?{query}" if query else url,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=body,
    )


@require_safe
def outbound(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of a reply, for the provider that carries it: the signature is the key."""
    try:
        key, is_preview = outbound_file(token)
    except BadSignature as error:
        raise Http404 from error
    attachment = get_object_or_404(
        Attachment.objects.filter(
            message__direction=Direction.OUTBOUND, is_internal=False
        ),
        key=key,
    )
    if is_preview and attachment.preview:
        return preview_response(attachment)
    if is_preview:
        return HttpResponse(small_picture(attachment), content_type="image/jpeg")
    return as_response(request, attachment)
