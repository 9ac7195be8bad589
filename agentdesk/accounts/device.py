"""Browsers that somebody has signed in with before: others' failures do not count there.

A signed cookie names the browser, and the users it knows. Whoever has none may be made
to wait by what strangers try at the same account or from the same address; a browser that
is known is counted by itself. It opens nothing: password and second step are asked for
all the same. Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from agentdesk.accounts.models import User

_SALT = "known-device"
_SECONDS = 90 * 24 * 3600
# Of a PC that a floor shares: the last ones.
_MOST_USERS = 40


def device_of(request: HttpRequest, user: User | None) -> str | None:
    """The id of the browser where it knows this user; None anywhere else."""
    if user is None:
        return None
    device, marks = _read(request)
    return device if marks.get(str(user.pk)) == _mark(user) else None


def _read(request: HttpRequest) -> tuple[str, dict[str, str]]:
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        device, marks = signing.loads(cookie, salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(16), {}
    return str(device), dict(marks)


def _mark(user: User) -> str:
    """Ends with the password: what knew the old one is a stranger."""
    return salted_hmac(_SALT, f"{user.pk}:{user.password}").hexdigest()[:12]


class DeviceMiddleware:
    """Makes the browser of a sign-in that has just succeeded known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user: Any = getattr(request, "signed_in_user", None)
        if isinstance(user, User):
            _remember(request, response, user)
        return response


def _remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    device, marks = _read(request)
    marks.pop(str(user.pk), None)
    known = dict(list(marks.items())[-_MOST_USERS + 1 :]) | {str(user.pk): _mark(user)}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device, known], salt=_SALT, compress=True),
        max_age=_SECONDS,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
