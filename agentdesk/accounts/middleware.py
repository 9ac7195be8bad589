from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from agentdesk.accounts.access import Access, access_of
from agentdesk.accounts.models import User
from agentdesk.accounts.sessions import user_of

GetResponse = Callable[[HttpRequest], HttpResponse]

SELECTED_ACCOUNT = "selected_account"


class UserMiddleware(AuthenticationMiddleware):
    """Django's, but for reading the user and the session apart."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_user_once, request))  # type: ignore[assignment]


def _user_once(request: HttpRequest) -> User | AnonymousUser:
    """`request.auser` and `login` know it by the same name."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = user_of(request)  # type: ignore[attr-defined]
    found: User | AnonymousUser = request._cached_user  # type: ignore[attr-defined]
    return found


class LanguageMiddleware:
    """Speaks the user's language in the user's time zone; Japanese to visitors.

    A visitor may ask for English by `?lang=en`, which is remembered in a cookie.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)  # a machine is nobody
        if isinstance(user, User):
            language, zone = user.language, ZoneInfo(user.time_zone)
        else:
            name = settings.LANGUAGE_COOKIE_NAME
            requested = request.GET.get("lang") or request.COOKIES.get(name) or "ja"
            language, zone = (
                ("en" if requested == "en" else "ja"),
                ZoneInfo("Asia/Tokyo"),
            )
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not isinstance(user, User) and request.GET.get("lang") in {"ja", "en"}:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class AccessMiddleware:
    """Puts `request.access` on every request of a signed-in user.

    What such a request is answered is kept on no disk, unless the view says otherwise:
    others sit down at the same PC.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.access = (  # type: ignore[attr-defined]  # typed by DeskRequest
            access_of(user, request.session.get(SELECTED_ACCOUNT, ""))
            if isinstance(user, User)
            else Access(user=User())
        )
        if _must_add_second_step(request):
            return redirect("mfa_index")
        response = self.get_response(request)
        if isinstance(user, User):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


# What a member reaches while all of their accounts wait for their second step.
_OPEN_MEANWHILE = ("/accounts/", "/me/", "/static/", "/operator/", "/invitation/")


def _must_add_second_step(request: HttpRequest) -> bool:
    access: Access = request.access  # type: ignore[attr-defined]  # typed by DeskRequest
    return (
        bool(access.locked_accounts)
        and not access.memberships
        and request.method == "GET"
        and not request.headers.get("HX-Request")
        and not request.path.startswith(_OPEN_MEANWHILE)
    )
