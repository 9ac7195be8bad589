"""The typed request of signed-in pages, and who may call them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import User
from agentdesk.web.navigation import is_form_of_page, page_of_form

P = ParamSpec("P")

STATUS_UNCHANGED = 204  # htmx leaves the page, and what has the focus, alone
STATUS_SESSION_ENDED = 401
STATUS_CONFLICT = 409
STATUS_INVALID = 422


class DeskRequest(HttpRequest):
    """A request of a signed-in user, with what they may see and do."""

    htmx: HtmxDetails
    access: Access
    user: User


DeskView = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def signed_in(
    view: "DeskView[P]",
) -> "Callable[Concatenate[HttpRequest, P], HttpResponseBase]":
    """Only for signed-in users: pages lead to sign-in, fragments answer 401.

    A 401 opens the sign-in overlay over the page, which keeps what was typed.
    """

    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "GET" and not request.headers.get("HX-Request"):
                return redirect_to_login(request.get_full_path())
            if is_form_of_page(request):
                return redirect_to_login(page_of_form(request))
            return HttpResponse(status=STATUS_SESSION_ENDED)
        return view(cast(DeskRequest, request), *args, **kwargs)

    update_wrapper(guarded, view)
    return guarded


def public_address(request: HttpRequest, path: str) -> str:
    """`path` as a link to hand to people: under PUBLIC_URL where that is set."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)


@dataclass(frozen=True)
class ToastAction:
    """A button of a toast: it posts `values` to `post`; `key` presses it as well."""

    label: str
    post: str
    values: dict[str, str]
    key: str = ""


def toast(
    response: HttpResponse,
    text: str,
    tone: str = "success",
    action: ToastAction | None = None,
) -> HttpResponse:
    """Let the page show `text` for a moment; tone is success, danger or info."""
    news: dict[str, Any] = {"text": text, "tone": tone}
    if action is not None:
        news["action"] = asdict(action)
    return trigger_client_event(response, "toast", news)
