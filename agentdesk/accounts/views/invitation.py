from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from agentdesk.accounts.actions.accept_invitation import (
    accept_invitation,
    join_as_new_user,
)
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.forms.people import NewPersonForm
from agentdesk.accounts.invitations import invitation_of
from agentdesk.accounts.middleware import SELECTED_ACCOUNT
from agentdesk.accounts.models import Invitation, User
from agentdesk.accounts.opened_link import (
    exchange_link,
    forget_link,
    opened_invitation,
)
from agentdesk.web.http import STATUS_INVALID


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation's link leads: on to its page, which has a plain address."""
    found = invitation_of(token)
    if found is None or found.account is None:
        return render(request, "accounts/link_spent.html", status=404)
    return exchange_link(found, "accounts:join")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Join as who one is, or as somebody new."""
    found = opened_invitation(request)
    if found is None or found.account is None or not found.is_open:
        return render(request, "accounts/link_spent.html", status=410)
    context: dict[str, Any] = {"invitation": found}
    if request.method == "POST":
        try:
            joined = _join(request, found, context)
        except SettingRefusedError as refusal:
            _refuse(context, refusal)
        else:
            if joined:
                return forget_link(redirect("/"))
    else:
        context["form"] = NewPersonForm(invitation=found)
    status = STATUS_INVALID if request.method == "POST" else 200
    return render(request, "accounts/invitation.html", context, status=status)


def _join(request: HttpRequest, found: Invitation, context: dict[str, Any]) -> bool:
    """True once joined; else the form in `context` says what is wrong."""
    if isinstance(request.user, User):
        member = accept_invitation(found, user=request.user)
    else:
        form = context["form"] = NewPersonForm(request.POST, invitation=found)
        if not form.is_valid():
            return False
        member = join_as_new_user(
            found, **form.cleaned_data, language=get_language() or "ja"
        )
        get_adapter(request).login(request, member.user)
    request.session[SELECTED_ACCOUNT] = member.account.slug
    return True


def _refuse(context: dict[str, Any], refusal: SettingRefusedError) -> None:
    form = context.get("form")
    if form is not None and refusal.field in form.fields:
        form.add_error(refusal.field, refusal.message)
    else:
        context["refusal"] = refusal.message
