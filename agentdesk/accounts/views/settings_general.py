from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from agentdesk.accounts.actions.change_account import change_account
from agentdesk.accounts.forms.general import GeneralForm, initial_of
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in, toast
from agentdesk.web.settings_pages import (
    entries_for,
    manageable_accounts,
    managing,
)

_SHOWN_EVERYWHERE = ("name", "colour")


@require_GET
@signed_in
def index(request: DeskRequest) -> HttpResponse:
    """Lead to the settings of the selected account, or of the first one's."""
    accounts = manageable_accounts(request.access)
    if not accounts:
        raise PermissionDenied
    selected = request.access.selected
    account = selected if selected in accounts else accounts[0]
    return redirect(entries_for(request.access, account)[0].url_name, slug=account.slug)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def general(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    if request.method == "POST":
        return _change(request, account)
    form = GeneralForm(initial=initial_of(account))
    return render(request, "settings/general.html", {"account": account, "form": form})


def _change(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    form = GeneralForm(request.POST)
    template = "settings/_general_form.html"
    if not form.is_valid():
        context = {"account": account, "form": form}
        return render(request, template, context, status=STATUS_INVALID)
    shown = [getattr(account, name) for name in _SHOWN_EVERYWHERE]
    change_account(account, actor=request.user, values=form.cleaned_data)
    if shown != [getattr(account, name) for name in _SHOWN_EVERYWHERE]:
        messages.success(request, _("Saved"))
        return HttpResponseClientRefresh()
    form = GeneralForm(initial=initial_of(account))
    response = render(request, template, {"account": account, "form": form})
    return toast(response, _("Saved"))


@require_GET
@signed_in
def account_index(request: DeskRequest, slug: str) -> HttpResponse:
    """`/settings/<slug>/` leads to the first page this member may open."""
    account = next((a for a in request.access.accounts if a.slug == slug), None)
    if account is None:
        raise Http404
    entries = entries_for(request.access, account)
    if not entries:
        raise PermissionDenied
    return redirect(entries[0].url_name, slug=slug)
