"""Templates into a spreadsheet and back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.accounts.step_up import stepped_up
from agentdesk.web.http import STATUS_INVALID, DeskRequest
from agentdesk.web.settings_pages import managing
from conversations.models import Template
from conversations.replies.actions.template import put_templates
from conversations.replies.forms.template_rows import (
    ReadTemplates,
    TemplateFileForm,
    written_rows,
)

_PAGE = "replies/settings/template_rows.html"


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def import_templates(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """All rows of a file or a paste, or none of them and the reasons."""
    if request.method == "GET":
        return render(request, _PAGE, {"account": account, "form": TemplateFileForm()})
    form = TemplateFileForm(request.POST, request.FILES)
    read = form.cleaned_data["read"] if form.is_valid() else ReadTemplates()
    if form.is_valid() and _written(request, account, read):
        return redirect("settings_desk:templates", slug=account.slug)
    context = {"account": account, "form": form, "faults": read.faults}
    return render(request, _PAGE, context, status=STATUS_INVALID)


def _written(request: DeskRequest, account: ClientAccount, read: ReadTemplates) -> bool:
    if read.faults:
        return False
    try:
        count = put_templates(account, actor=request.user, rows=read.rows)
    except SettingRefusedError as refusal:
        read.faults.append(refusal.message)
        return False
    sentence = ngettext(
        "%(count)s template was taken in.", "%(count)s templates were taken in.", count
    )
    messages.success(request, sentence % {"count": count})
    return True


@require_GET
@managing(Permission.MANAGE_SETTINGS)
@stepped_up
def export_templates(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    rows = Template.objects.active().filter(account=account)
    response = HttpResponse(written_rows(rows), content_type="text/csv; charset=utf-8")
    name = f"templates-{account.slug}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
