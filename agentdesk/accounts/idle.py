"""Sessions that rest: after SESSION_IDLE_MINUTES without the person, they are locked.

Requests that a live event causes carry `X-Background: 1` and keep nobody signed in.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from agentdesk.web.navigation import is_form_of_page, page_of_form

ACTIVE_AT = "active_at"
_GRANULARITY = 60  # seconds: the session is written at most once in that time


class SessionData(Protocol):
    def get(self, key: str, /) -> Any: ...


def is_locked(request: HttpRequest) -> bool:
    """Whether the signed-in person has been away for too long."""
    return request.user.is_authenticated and is_resting(request.session)


def is_resting(session: SessionData) -> bool:
    """Whether a session, or what is decoded from one, has been left alone for too long."""
    seen = session.get(ACTIVE_AT)
    return seen is not None and time.time() - seen > settings.SESSION_IDLE_MINUTES * 60


def note_activity(request: HttpRequest, *, now: float | None = None) -> None:
    now = time.time() if now is None else now
    if now - request.session.get(ACTIVE_AT, 0) >= _GRANULARITY:
        request.session[ACTIVE_AT] = int(now)


class IdleMiddleware:
    """Locks a resting session: pages lead to the lock page, fragments answer 401.

    A form that loads a page leads there too, and from there to the page it stands on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or _is_way_back(request.path):
            return self.get_response(request)
        if is_locked(request):
            return _refusal(request)
        if request.headers.get("X-Background") != "1":
            note_activity(request)
        return self.get_response(request)


def _is_way_back(path: str) -> bool:
    return path in {
        reverse("accounts:unlock"),
        reverse("accounts:locked"),
        reverse("account_logout"),
    }


def _refusal(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        is_page = "text/html" in request.headers.get("Accept", "text/html")
        if not is_page or request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return _to_lock_page(request.get_full_path())
    if is_form_of_page(request):
        return _to_lock_page(page_of_form(request))
    return HttpResponse(status=401)


def _to_lock_page(target: str) -> HttpResponse:
    return redirect(f"{reverse('accounts:locked')}?{urlencode({'next': target})}")
