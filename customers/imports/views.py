from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import managing
from customers.imports.actions import change_import_settings
from customers.imports.forms import ImportSettingsForm, initial_of
from customers.imports.selectors import import_settings

_FORM = "customers/imports/_imports_form.html"


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def imports(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """How files of orders are read; POST changes it."""
    if request.method == "POST":
        return _change(request, account)
    form = ImportSettingsForm(initial=initial_of(import_settings(account)))
    context = {"account": account, "form": form}
    return render(request, "customers/imports/imports.html", context)


def _change(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    form = ImportSettingsForm(request.POST)
    if not form.is_valid():
        context = {"account": account, "form": form}
        return render(request, _FORM, context, status=STATUS_INVALID)
    chosen = change_import_settings(account, actor=request.user, **form.cleaned_data)
    form = ImportSettingsForm(initial=initial_of(chosen))
    response = render(request, _FORM, {"account": account, "form": form})
    return toast(response, _("Saved"))
