"""What is shown where a page could not be made."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

_AGAIN_SECONDS = 5


def failed(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database was away, which is nobody's mistake and passes."""
    response = server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response.status_code = 503
        response.headers["Retry-After"] = str(_AGAIN_SECONDS)
    return response
