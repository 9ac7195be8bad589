from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentdesk.accounts.actions.edit_profile import edit_profile
from agentdesk.accounts.actions.sign_out_everywhere import sign_out_everywhere
from agentdesk.accounts.forms.preferences import ProfileForm
from agentdesk.accounts.models import Session
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from agentdesk.web_push import public_key


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: DeskRequest) -> HttpResponse:
    """One's own name, language, time zone and how loud the desk may be."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = edit_profile(
            request.user, actor=request.user, values=dict(form.cleaned_data)
        )
        with translation.override(user.language):
            messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    status = STATUS_INVALID if form.is_bound else 200
    context = {"form": form, "push_key": public_key()}
    return render(request, "accounts/profile.html", context, status=status)


@require_GET
@signed_in
def sessions(request: DeskRequest) -> HttpResponse:
    """The browsers in which one is signed in."""
    rows = Session.objects.filter(
        user=request.user, expire_date__gt=timezone.now()
    ).order_by("-expire_date")
    devices = [_device(row, request.session.session_key) for row in rows]
    devices.sort(key=lambda device: not device["is_this"])
    return render(request, "accounts/sessions.html", {"devices": devices})


def _device(row: Session, own_key: str | None) -> dict[str, Any]:
    begun = row.get_decoded().get("signed_in", {})
    return {
        "is_this": row.session_key == own_key,
        "since": begun.get("at"),
        "address": begun.get("address", ""),
        "browser": begun.get("browser", ""),
    }


@require_POST
@signed_in
def leave_everywhere(request: DeskRequest) -> HttpResponse:
    """Sign out here and in every other browser."""
    sign_out_everywhere(request.user, actor=request.user)
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")
