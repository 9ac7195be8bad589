"""定型文 of an account: their list by folder, and the page of one with its preview."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import announce, managing
from agentdesk.web.text import clean_text, stored_text
from conversations.models import Template
from conversations.models.template import MAX_TEMPLATE
from conversations.replies.actions import template as actions
from conversations.replies.checks.variables import VARIABLES, fill, unknown_variables
from conversations.replies.forms.template import TemplateForm
from conversations.replies.selectors.template_values import example_values
from conversations.replies.selectors.templates import (
    folder_paths,
    retired_templates,
    template_folders,
)

_REGION = "replies/settings/_templates.html"
_FORM = "replies/settings/_template_form.html"


def _list_context(account: ClientAccount, query: str) -> dict[str, Any]:
    return {
        "account": account,
        "query": query,
        "folders": template_folders(account, query),
        "retired": [] if query else retired_templates(account),
    }


def list_answer(
    request: DeskRequest, account: ClientAccount, text: str = "", focus: str = ""
) -> HttpResponse:
    query = clean_text(request.GET.get("q") or request.POST.get("q") or "").strip()
    response = render(request, _REGION, _list_context(account, query))
    return announce(response, text, focus=focus) if text else response


def refused_answer(
    request: DeskRequest, account: ClientAccount, refusal: SettingRefusedError
) -> HttpResponse:
    context = _list_context(account, "")
    response = render(request, _REGION, context, status=STATUS_CONFLICT)
    return toast(response, refusal.message, tone="danger")


def own_template(account: ClientAccount, pk: int) -> Template:
    return get_object_or_404(Template, account=account, pk=pk)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def templates(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    query = clean_text(request.GET.get("q", "")).strip()
    context = _list_context(account, query)
    return render(request, "replies/settings/templates.html", context)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def templates_region(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    return list_answer(request, account)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def create_template(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    if request.method == "GET":
        form = _form(account, initial={"folder": request.GET.get("folder", "")[:60]})
        return _page(request, account, form)
    form = _form(account, data=request.POST)
    return _saved(
        request,
        account,
        form,
        lambda values: actions.add_template(account, actor=request.user, values=values),
    )


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def template(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = own_template(account, pk)
    if request.method == "GET":
        shown = {name: getattr(row, name) for name in actions.FIELDS}
        return _page(request, account, _form(account, initial=shown), row)
    form = _form(account, data=request.POST)
    return _saved(
        request,
        account,
        form,
        lambda values: actions.change_template(row, actor=request.user, values=values),
        row,
    )


def _form(account: ClientAccount, **given: Any) -> TemplateForm:
    return TemplateForm(folders=folder_paths(account), **given)


def _form_context(
    account: ClientAccount, form: TemplateForm, row: Template | None
) -> dict[str, Any]:
    variables = [(v.written(account.locale), v.help) for v in VARIABLES]
    return {"account": account, "form": form, "row": row, "variables": variables}


def _page(
    request: DeskRequest,
    account: ClientAccount,
    form: TemplateForm,
    row: Template | None = None,
) -> HttpResponse:
    context = _form_context(account, form, row)
    context |= _preview_context(request, account, form["body"].value() or "")
    return render(request, "replies/settings/template.html", context)


def _saved(
    request: DeskRequest,
    account: ClientAccount,
    form: TemplateForm,
    action: Callable[[dict[str, Any]], Any],
    row: Template | None = None,
) -> HttpResponse:
    """Back to the list; the refused form (422) where it was refused."""
    if form.is_valid():
        try:
            action(form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
    if not form.is_valid():
        context = _form_context(account, form, row)
        return render(request, _FORM, context, status=STATUS_INVALID)
    messages.success(request, _("Saved"))
    url = reverse("settings_desk:templates", args=[account.slug])
    return HttpResponseClientRedirect(url)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def preview(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """What is being written, filled in for a customer who does not exist."""
    context = _preview_context(request, account, request.POST.get("body", ""))
    return render(request, "replies/settings/_template_preview.html", context)


def _preview_context(
    request: DeskRequest, account: ClientAccount, body: str
) -> dict[str, Any]:
    body = stored_text(body)[:MAX_TEMPLATE]
    values = example_values(account, request.user)
    return {
        "preview": fill(body, values, account.locale),
        "unknown": unknown_variables(body),
        "account": account,
    }


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def retire(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    actions.retire_template(own_template(account, pk), actor=request.user)
    return list_answer(request, account, _("Retired"), f"template-{pk}-restore")


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def restore(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    try:
        actions.restore_template(own_template(account, pk), actor=request.user)
    except SettingRefusedError as refusal:
        return refused_answer(request, account, refusal)
    return list_answer(request, account, _("Restored"), f"template-{pk}-edit")
