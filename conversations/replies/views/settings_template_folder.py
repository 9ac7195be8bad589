from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import retarget

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest
from agentdesk.web.settings_pages import announce, managing
from agentdesk.web.text import clean_text
from conversations.replies.actions.template_folder import rename_folder
from conversations.replies.forms.template import FolderForm
from conversations.replies.selectors.templates import (
    retired_templates,
    template_folders,
)

_FORM = "replies/settings/_template_folder.html"


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def template_folder(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The name of a folder as a form, in its place; POST renames it."""
    if request.method == "GET":
        folder = clean_text(request.GET.get("folder", ""))[:60]
        form = FolderForm(initial={"folder": folder, "name": folder})
        return render(request, _FORM, {"account": account, "form": form})
    form = FolderForm(request.POST)
    if form.is_valid() and _renamed(request, account, form):
        context = {
            "account": account,
            "folders": template_folders(account),
            "retired": retired_templates(account),
        }
        response = render(request, "replies/settings/_templates.html", context)
        return announce(response, _("Saved"))
    context = {"account": account, "form": form}
    response = render(request, _FORM, context, status=STATUS_INVALID)
    return retarget(response, "#template-folder-form")


def _renamed(request: DeskRequest, account: ClientAccount, form: FolderForm) -> bool:
    folder, name = form.cleaned_data["folder"], form.cleaned_data["name"]
    try:
        rename_folder(account, actor=request.user, folder=folder, name=name)
    except SettingRefusedError as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return False
    return True
