"""What stands before every endpoint of a visitor: limits, size, token, inbox, origin."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from agentdesk.audit.origin import address_group, request_address
from agentdesk.disk import STATUS_FULL, full_text, is_full
from conversations.exceptions import RefusalError, SignedOutError
from conversations.models import Inbox
from conversations.webchat import limits
from conversations.webchat.limits import Limit
from conversations.webchat.selectors.webchat import active_webchat, is_origin_allowed
from conversations.webchat.visitor_token import read_token
from customers.people.text import clean_text

log = structlog.get_logger(__name__)

JSON_BYTES = 512 * 1024  # 20,000 letters, each escaped, and room


@dataclass
class ChatRequest:
    """A request that has passed the door."""

    http: HttpRequest
    inbox: Inbox
    address: str
    chat_key: str  # as it stands in the address; tokens are good there alone
    key: UUID | None  # of the visitor; None only where no token is needed
    token: str  # as it was sent; empty where it is not good here
    fields: dict[str, Any]
    language: str

    @property
    def visitor_key(self) -> UUID:
        assert self.key is not None
        return self.key

    def text(self, name: str, limit: int = 300) -> str:
        """A text field, cleaned and cut; empty where it is missing or no text."""
        value = self.fields.get(name)
        return clean_text(value[:limit]).strip() if isinstance(value, str) else ""


ChatView = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Door:
    """`address_limits` count by network address, `visitor_limits` by visitor."""

    method: str
    needs_token: bool = True
    max_bytes: int = JSON_BYTES
    reads_json: bool = True
    address_limits: tuple[Limit, ...] = ()
    visitor_limits: tuple[Limit, ...] = ()


class TurnedAwayError(Exception):
    def __init__(self, response: HttpResponse, *, readable: bool = True) -> None:
        self.response = response
        self.readable = readable  # by the page that asked


def refuse(status: int, code: str, text: str) -> JsonResponse:
    answer = {"error": {"code": code, "text": text}}
    return JsonResponse(
        answer, status=status, json_dumps_params={"ensure_ascii": False}
    )


def answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def chat_endpoint(*doors: Door) -> Callable[[ChatView], ChatView]:
    """Let through what one of `doors` lets through, by its method."""
    by_method = {door.method: door for door in doors}

    def decorate(view: ChatView) -> ChatView:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, key: str, **rest: Any) -> HttpResponseBase:
            language = "en" if request.GET.get("l") == "en" else "ja"
            with translation.override(language):
                response = _pass(request, key, by_method, language, view, rest)
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["Content-Language"] = language
            return response

        return guarded

    return decorate


def _pass(
    request: HttpRequest,
    key: str,
    by_method: dict[str, Door],
    language: str,
    view: ChatView,
    rest: dict[str, Any],
) -> HttpResponseBase:
    """What the view answers, or the refusal that was met on the way to it."""
    try:
        return _enter(request, key, by_method, language, view, rest)
    except TurnedAwayError as away:
        return allow_origin(request, away.response) if away.readable else away.response
    except Http404:
        gone = refuse(404, "not_found", _("This does not exist."))
        return allow_origin(request, gone)
    except SignedOutError as gone:
        return allow_origin(request, refuse(401, "signed_out", str(gone)))
    except RefusalError as refusal:
        return allow_origin(request, refuse(422, "refused", str(refusal)))
    except (OSError, OperationalError, InterfaceError) as error:
        return allow_origin(request, _out_of_order(error))


def _out_of_order(error: Exception) -> HttpResponse:
    """No room or no database, each with its sentence. Raises what is neither."""
    if is_full(error):
        log.error("disk_full", error=str(error))
        return refuse(STATUS_FULL, "full", full_text())
    if isinstance(error, OSError):
        raise error
    log.warning("database_away", error=str(error))
    return _away()


def _enter(
    request: HttpRequest,
    key: str,
    by_method: dict[str, Door],
    language: str,
    view: ChatView,
    rest: dict[str, Any],
) -> HttpResponseBase:
    address = address_group(request_address(request))
    door = by_method.get(request.method or "")
    if door is None:
        _within([(limits.ADDRESS_REQUESTS, address)])
        return allow_origin(request, _other_method(request, key, by_method))
    token = _token(request)
    visitor_key = _before_database(request, key, token, door, address)
    inbox = open_inbox(request, key)
    fields = _read_json(request) if door.reads_json else {}
    good = token if visitor_key else ""
    chat = ChatRequest(
        request, inbox, address, key, visitor_key, good, fields, language
    )
    return allow_origin(request, view(chat, **rest))


def _other_method(
    request: HttpRequest, key: str, by_method: dict[str, Door]
) -> HttpResponse:
    if request.method != "OPTIONS":
        return HttpResponse(status=405, headers={"Allow": ", ".join(by_method)})
    open_inbox(request, key)
    return _preflight(by_method)


def _token(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Visitor" else ""


def _before_database(
    request: HttpRequest, key: str, token: str, door: Door, address: str
) -> UUID | None:
    visitor_key = read_token(key, token)
    counted = [(limits.ADDRESS_REQUESTS, address)]
    counted += [(limit, address) for limit in door.address_limits]
    if visitor_key is not None:
        counted += [(limit, str(visitor_key)) for limit in door.visitor_limits]
    _within(counted)
    if _content_length(request) > door.max_bytes:
        raise TurnedAwayError(refuse(413, "too_big", _("This is too large to send.")))
    if visitor_key is None and door.needs_token:
        raise TurnedAwayError(refuse(401, "no_token", _("The chat begins anew.")))
    return visitor_key


def _within(counted: Iterable[tuple[Limit, str]]) -> None:
    seconds = limits.longest_wait(counted)
    if seconds:
        raise TurnedAwayError(too_fast(seconds))


def _away() -> HttpResponse:
    """The widget keeps what was written, and sends it again by itself."""
    text = _("The chat is away for a moment. It goes on by itself.")
    response = refuse(503, "away", text)
    response.headers["Retry-After"] = "5"
    return response


def too_fast(seconds: int) -> HttpResponse:
    text = _("Too many at once. It goes on by itself in %(seconds)s seconds.")
    response = refuse(429, "too_fast", text % {"seconds": seconds})
    response.headers["Retry-After"] = str(seconds)
    return response


def open_inbox(request: HttpRequest, key: str) -> Inbox:
    """The active web chat of that key, if the asking page may carry it."""
    inbox = active_webchat(key)
    if inbox is None:
        gone = refuse(404, "no_chat", _("This chat does not exist any more."))
        raise TurnedAwayError(gone, readable=False)
    origin = request.headers.get("Origin", "")
    if origin and not is_origin_allowed(inbox, origin, own=own_origin(request)):
        text = _("This site may not carry this chat.")
        raise TurnedAwayError(refuse(403, "origin", text), readable=False)
    return inbox


def own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def allow_origin(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let the asking page read the answer. Never with cookies."""
    origin = request.headers.get("Origin", "")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    response.headers["Vary"] = "Origin"
    # Our own pages hide from other sites; these answers are made for them.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _preflight(by_method: dict[str, Door]) -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(by_method),
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": "7200",
        },
    )


def _content_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _read_json(request: HttpRequest) -> dict[str, Any]:
    if request.method != "POST":
        return {}
    raw = request.read(JSON_BYTES + 1)  # a chunked body tells no length before
    if len(raw) > JSON_BYTES:
        raise TurnedAwayError(refuse(413, "too_big", _("This is too large to send.")))
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise TurnedAwayError(refuse(400, "not_json", _("This is not understood.")))
    return fields
