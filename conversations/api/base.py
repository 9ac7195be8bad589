"""The API itself: who may call it, how large a call may be, how it refuses."""

import hashlib
import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from conversations.adapters.registry import channels_that
from conversations.choices import OPEN_INBOX_STATES, InboxState
from conversations.models import Inbox, InboxApiKey

MAX_BODY = 16 * 1024  # bytes
_RECEIVING = (*OPEN_INBOX_STATES, InboxState.TEST)


class BodyTooLargeError(Exception):
    """More than MAX_BODY bytes: 413."""


class UnreadableBodyError(Exception):
    """No JSON object: 422."""


class BoundedParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if len(request.body) > MAX_BODY:
            raise BodyTooLargeError
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError) as error:
            raise UnreadableBodyError from error
        if not isinstance(body, dict):
            raise UnreadableBodyError
        return body


class ReadableJson(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class InboxKey(HttpBearer):
    """The API key of an inbox: `Authorization: Bearer <key>`. Of those with a capability."""

    def __init__(self, capability: str) -> None:
        super().__init__()
        self.channels = channels_that(capability)

    def authenticate(self, request: HttpRequest, token: str) -> Inbox | None:
        hashed = hashlib.sha256(token.strip().encode()).hexdigest()
        key = (
            InboxApiKey.objects.select_related("inbox__account", "inbox__queue")
            .filter(
                key_hash=hashed,
                revoked_at__isnull=True,
                inbox__state__in=_RECEIVING,
                inbox__channel__in=self.channels,
            )
            .first()
        )
        return key.inbox if key else None


api = NinjaAPI(
    title="Agentdesk API",
    version="1",
    urls_namespace="api-v1",
    description="Tell the desk what happens on the phone, and whom your shop has "
    "signed in. Make a key in the settings of the inbox.",
    parser=BoundedParser(),
    renderer=ReadableJson(),
    auth=InboxKey("takes_calls"),
)


_NO_OBJECT = {"field": "", "message": "The body must be one JSON object."}


def _refuse(
    request: HttpRequest, status: int, errors: list[dict[str, str]]
) -> HttpResponse:
    return api.create_response(request, {"errors": errors}, status=status)


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    message = f"The body is too large: at most {MAX_BODY} bytes."
    return _refuse(request, 413, [{"field": "", "message": message}])


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja wraps what the parser raised in an error of its own."""
    if isinstance(error.__cause__, BodyTooLargeError):
        return too_large(request, error)
    if isinstance(error.__cause__, UnreadableBodyError):
        return _refuse(request, 422, [_NO_OBJECT])
    sentence = {"field": "", "message": str(error)}
    response = _refuse(request, error.status_code, [sentence])
    if error.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _refuse(request, 422, [_sentence(one) for one in error.errors])


def _sentence(error: dict[str, Any]) -> dict[str, str]:
    where = error.get("loc") or ("",)
    field = str(where[-1])
    if len(where) < 3:  # ("body", "payload", <field>): the body itself
        return _NO_OBJECT
    kind, message = error.get("type", ""), str(error.get("msg", ""))
    if kind == "missing":
        message = "This field is required"
    elif kind == "string_pattern_mismatch":
        message = "Control characters are not allowed here"
    return {"field": field, "message": f"{field}: {message}."}
