"""The lock page, and the same question in the dialog over any page."""

from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from agentdesk.accounts.forms.unlock import UnlockForm, passkey_form
from agentdesk.accounts.idle import is_locked
from agentdesk.accounts.step_up import is_step_up
from agentdesk.accounts.unlock import Absentee, absentee, is_back, let_in
from agentdesk.accounts.views.switch import own_address
from agentdesk.audit import log
from agentdesk.web.http import STATUS_INVALID


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """The question in the dialog. `?who=` names the user of the page beneath it."""
    who = absentee(request, request.GET.get("who", ""))
    if who is None:
        return HttpResponseClientRedirect(reverse("account_login"))
    answered = _answer(request, who)
    if answered is True:
        return trigger_client_event(HttpResponse(status=204), "session-unlocked")
    context = _question(request, who, answered, dialog=True)
    return render(request, "accounts/_unlock.html", context, status=_status(answered))


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """The same question as a page, for a session that rests."""
    target = own_address(request)
    who = absentee(request)
    if who is None:
        return redirect_to_login(target)
    answered = _answer(request, who)
    if answered is True:
        return redirect(target)
    context = _question(request, who, answered, dialog=False) | {"next": target}
    return render(request, "accounts/locked.html", context, status=_status(answered))


def _answer(request: HttpRequest, who: Absentee) -> UnlockForm | str | bool:
    """True: let in. Else the form to show again, the passkey's refusal, or False."""
    if is_back(request, who, is_step_up=is_step_up(request)):
        return True
    if request.method != "POST":
        return False
    if "credential" in request.POST:
        refusal = _passkey_refusal(request, who)
        if refusal:
            log.record("user.code_failed", who.user, actor=None)
            return refusal
    else:
        form = UnlockForm(request.POST, request=request, who=who)
        if not form.is_valid():
            return form
    let_in(request, who)
    return True


def _passkey_refusal(request: HttpRequest, who: Absentee) -> str:
    form = passkey_form(request.POST, who)
    if not form.is_valid():
        return " ".join(map(str, form.errors.get("credential", [])))
    if form.cleaned_data["credential"].user_id != who.user.pk:
        return _("This passkey belongs to somebody else.")
    return ""


def _question(
    request: HttpRequest, who: Absentee, answered: UnlockForm | str | bool, dialog: bool
) -> dict[str, Any]:
    form = answered if isinstance(answered, UnlockForm) else None
    options: dict[str, Any] = {}
    if who.has_passkey:
        request_options = webauthn.begin_authentication(
            None if who.is_gone else who.user
        )
        options = {"request_options": request_options}
    return {
        "who": who,
        "form": form or UnlockForm(request=request, who=who),
        "passkey_options": options,
        "passkey_error": answered if isinstance(answered, str) else "",
        "address": request.get_full_path(),
        "dialog": dialog,
        "is_step_up": is_step_up(request) and not (who.is_gone or is_locked(request)),
    }


def _status(answered: UnlockForm | str | bool) -> int:
    return 200 if answered is False else STATUS_INVALID
