"""Where a template stands: its place in its folder, and the folder."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest
from agentdesk.web.settings_pages import managing
from agentdesk.web.text import number_in
from conversations.models import Template
from conversations.replies.actions.template import (
    move_template,
    place_template,
    put_in_folder,
)
from conversations.replies.forms.template import FolderChoiceForm
from conversations.replies.selectors.templates import folder_paths
from conversations.replies.views.settings_templates import (
    list_answer,
    own_template,
    refused_answer,
)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def move(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """By `step` (-1, 1), or `before`/`after` another one, into its folder."""
    row, data = own_template(account, pk), request.POST
    target = number_in(data.get("after") or data.get("before") or "")
    try:
        if data.get("step") in {"-1", "1"}:
            move_template(row, actor=request.user, step=int(data["step"]))
        elif target is not None:
            place_template(
                row, actor=request.user, target=target, after="after" in data
            )
    except SettingRefusedError as refusal:
        return refused_answer(request, account, refusal)
    return list_answer(request, account, _("%(name)s was moved.") % {"name": row.name})


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def to_folder(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The dialog that asks for the folder; the list anew once it is there."""
    row, folders = own_template(account, pk), folder_paths(account)
    if request.method == "GET":
        form = FolderChoiceForm(folders=folders, initial={"folder": row.folder})
        return _dialog(request, account, row, form)
    form = FolderChoiceForm(request.POST, folders=folders)
    if form.is_valid():
        try:
            put_in_folder(row, actor=request.user, folder=form.chosen)
        except SettingRefusedError as refusal:
            form.add_error(None, refusal.message)
        else:
            text = _("%(name)s was moved.") % {"name": row.name}
            response = list_answer(request, account, text, f"template-{pk}-folder")
            return trigger_client_event(response, "close-dialog")
    response = _dialog(request, account, row, form, status=STATUS_INVALID)
    return reswap(retarget(response, "#dialog-slot"), "innerHTML")


def _dialog(
    request: DeskRequest,
    account: ClientAccount,
    row: Template,
    form: FolderChoiceForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"account": account, "row": row, "form": form}
    template = "replies/settings/_template_to_folder.html"
    return render(request, template, context, status=status)
