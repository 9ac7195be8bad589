"""What the visitor writes, reads and sends along."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from agentdesk.jobs.queueing import enqueue
from conversations.exceptions import EmptyMessageError, RefusalError, TooLongError
from conversations.inbound.shapes import Result
from conversations.messages.serving import as_response
from conversations.messages.store_file import store_file
from conversations.messages.tasks import make_preview
from conversations.messages.text import is_blank
from conversations.models import Attachment
from conversations.models.message import MAX_BODY
from conversations.webchat import limits
from conversations.webchat.actions.mark_reached import mark_reached
from conversations.webchat.actions.receive_chat import (
    VisitorMessage,
    receive_from_visitor,
)
from conversations.webchat.selectors.webchat import (
    history,
    known_visitor,
    message_data,
    visible_files,
)
from conversations.webchat.views.door import ChatRequest, Door, answer, chat_endpoint
from conversations.webchat.views.session import opening_data
from customers.people.text import clean_text

_OVERHEAD = 64 * 1024  # of a multipart body, beside the file


@chat_endpoint(
    Door("GET", address_limits=()),
    Door(
        "POST",
        address_limits=(limits.ADDRESS_MESSAGES,),
        visitor_limits=(limits.VISITOR_MESSAGES,),
    ),
)
def messages(chat: ChatRequest) -> HttpResponse:
    if chat.http.method == "GET":
        return _read(chat)
    body = chat.fields.get("body")
    body = clean_text(body) if isinstance(body, str) else ""
    if len(body) > MAX_BODY:
        raise TooLongError(MAX_BODY)
    if is_blank(body):
        raise EmptyMessageError
    client_id = client_id_of(chat.fields.get("client_id"))
    incoming = VisitorMessage(
        chat.inbox, chat.visitor_key, body, client_id, chat.language
    )
    return _stored(receive_from_visitor(incoming))


def _read(chat: ChatRequest) -> HttpResponse:
    visitor = known_visitor(chat.inbox, chat.visitor_key)
    query = chat.http.GET
    page = history(
        visitor, after=_number(query.get("after")), before=_number(query.get("before"))
    )
    return answer({**page, "opening": opening_data(chat.inbox)})


def _number(text: str | None) -> int:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) < 19
        else 0
    )


def client_id_of(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise RefusalError(_("This message has no proper id.")) from None


def _stored(received: Result, files: Iterable[Attachment] = ()) -> HttpResponse:
    """`files` are those of a new message: an old one is asked for its own."""
    message = received.message
    attached = files if received.is_new else message.attachments.all()
    status = 201 if received.is_new else 200
    return answer({"message": message_data(message, attached)}, status)


@chat_endpoint(
    Door(
        "POST",
        reads_json=False,
        max_bytes=settings.FILE_UPLOAD_MAX_BYTES + _OVERHEAD,
        address_limits=(limits.ADDRESS_FILES,),
        visitor_limits=(limits.VISITOR_FILES,),
    )
)
def files(chat: ChatRequest) -> HttpResponse:
    """One file is one message: there is none that nobody has sent."""
    upload = chat.http.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise RefusalError(_("There is no file in this."))
    client_id = client_id_of(chat.http.POST.get("client_id"))
    attachment = store_file(upload, account_id=chat.inbox.account_id)
    try:
        received = receive_from_visitor(
            VisitorMessage(
                chat.inbox, chat.visitor_key, "", client_id, chat.language, attachment
            )
        )
    except BaseException:
        attachment.file.delete(save=False)
        raise
    if not received.is_new:
        attachment.file.delete(save=False)
    else:
        enqueue(make_preview, attachment.pk)
    return _stored(received, [attachment])


@chat_endpoint(Door("GET"))
def file(chat: ChatRequest, file_key: str) -> HttpResponseBase:
    """A file of the visitor's own chat, never anybody else's."""
    visitor = known_visitor(chat.inbox, chat.visitor_key)
    if visitor is None:
        return HttpResponse(status=404)
    found = get_object_or_404(visible_files(visitor), key=file_key)
    return as_response(chat.http, found)


@chat_endpoint(Door("POST", visitor_limits=(limits.VISITOR_SIGNALS,)))
def read(chat: ChatRequest) -> HttpResponse:
    """Our messages up to `upto` are on the visitor's screen (`seen`), or behind it."""
    visitor = known_visitor(chat.inbox, chat.visitor_key)
    upto = chat.fields.get("upto")
    if visitor is not None and isinstance(upto, int) and 0 < upto < 2**63:
        mark_reached(visitor, upto=upto, is_read=chat.fields.get("seen") is True)
    return answer({})
