"""What asks for the password again although one is signed in: keys, links, exports.

A session left open, or its cookie stolen, must not be enough to take with it what lasts
longer than the session.
"""

import time
from functools import update_wrapper
from typing import ParamSpec

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from agentdesk.web.http import STATUS_SESSION_ENDED, DeskRequest, DeskView

P = ParamSpec("P")
HEADER = "X-Step-Up"


def is_step_up(request: HttpRequest) -> bool:
    """Whether the dialog is to ask even though the session goes on."""
    return request.GET.get("step-up") == "1"


def is_proven(request: HttpRequest) -> bool:
    """Whether a password, code or passkey was given a moment ago, at sign-in or since."""
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0.0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def stepped_up(view: "DeskView[P]") -> "DeskView[P]":
    """Only within ACCOUNT_REAUTHENTICATION_TIMEOUT of a password, code or passkey.

    A fragment's 401 opens the dialog over the page, which sends the form once more; a
    page leads to the same question, and on from there.
    """

    def guarded(
        request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if is_proven(request):
            return view(request, *args, **kwargs)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=STATUS_SESSION_ENDED, headers={HEADER: "1"})
        page: HttpResponseBase = suspend_request(
            request, reverse("account_reauthenticate")
        )
        return page

    update_wrapper(guarded, view)
    return guarded
