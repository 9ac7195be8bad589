"""What is shown where a page could not be made."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from agentdesk.disk import STATUS_FULL, is_full

_AGAIN_SECONDS = 5
_FULL_SECONDS = 60


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a host name that is not ours, or a form of another shape than any of ours.

    Nothing of the request can be relied on here, not even that it has a user.
    """
    return HttpResponse(render_to_string("400.html"), status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database was away, 507 where the disk is full: both pass."""
    error = sys.exc_info()[1]
    if is_full(error):
        return no_room(request)
    response = server_error(request)
    if isinstance(error, OperationalError | InterfaceError):
        response.status_code = 503
        response.headers["Retry-After"] = str(_AGAIN_SECONDS)
    return response


def no_room(request: HttpRequest) -> HttpResponse:
    response = server_error(request, template_name="507.html")
    response.status_code = STATUS_FULL
    response.headers["Retry-After"] = str(_FULL_SECONDS)
    return response
