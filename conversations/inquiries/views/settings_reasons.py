from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import retarget

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.audit.recent import recent_entries
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import announce, managing
from conversations.inquiries.actions import contact_reason as actions
from conversations.inquiries.forms.name import ReasonNameForm
from conversations.inquiries.selectors.reason_history import reason_history
from conversations.inquiries.selectors.reason_tree import ReasonTree
from conversations.models import ContactReason

_REGION = "inquiries/settings/_reasons.html"
_EDITOR = "inquiries/settings/_reason_editor.html"


def _context(
    account: ClientAccount, form: ReasonNameForm | None = None
) -> dict[str, Any]:
    tree = ReasonTree(account)
    return {
        "account": account,
        "rows": tree.rows(),
        "retired": tree.retired(),
        "history": reason_history(recent_entries(account, "reason.")),
        "form": form or ReasonNameForm(),
    }


def _region(
    request: DeskRequest, account: ClientAccount, text: str = "", focus: str = ""
) -> HttpResponse:
    response = render(request, _REGION, _context(account))
    return announce(response, text, focus=focus)


def _reason(account: ClientAccount, pk: int) -> ContactReason:
    return get_object_or_404(ContactReason, account=account, pk=pk)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def reasons(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    return render(request, "inquiries/settings/reasons.html", _context(account))


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def reasons_region(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The tree alone; POST adds to its top level."""
    if request.method == "GET":
        return _region(request, account)
    form = ReasonNameForm(request.POST)
    if form.is_valid() and _added(request, account, form, None):
        return _region(request, account, _("Added"), focus="add-reason")
    return render(request, _REGION, _context(account, form), status=STATUS_INVALID)


def _added(
    request: DeskRequest,
    account: ClientAccount,
    form: ReasonNameForm,
    parent: ContactReason | None,
) -> bool:
    try:
        actions.add_reason(
            account, actor=request.user, parent=parent, **form.cleaned_data
        )
    except SettingRefusedError as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return False
    return True


def _editor(
    request: DeskRequest,
    form: ReasonNameForm,
    context: dict[str, Any],
    *,
    element: str,
    status: int = 200,
) -> HttpResponse:
    """A row as a form; its fields are named by it, beside those of other forms."""
    form.auto_id = f"{element}_%s"
    return render(request, _EDITOR, context | {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def reason_child(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The form for a new reason under this one."""
    parent = _reason(account, pk)
    form = ReasonNameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _added(request, account, form, parent):
        return _region(request, account, _("Added"), focus=f"reason-{pk}-add")
    context = {"account": account, "parent": parent}
    if not form.is_bound:
        return _editor(request, form, context, element=f"reason-new-{pk}")
    response = _editor(
        request, form, context, element=f"reason-new-{pk}", status=STATUS_INVALID
    )
    return retarget(response, f"#reason-new-{pk}")


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def reason(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """One reason as a form, in its place; POST renames it."""
    row = _reason(account, pk)
    context: dict[str, Any] = {"account": account, "row": row}
    if request.method == "GET":
        form = ReasonNameForm(initial={"name": row.name, "kana": row.kana})
        return _editor(request, form, context, element=f"reason-{pk}")
    form = ReasonNameForm(request.POST)
    if form.is_valid():
        try:
            actions.rename_reason(row, actor=request.user, **form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return _region(request, account, _("Saved"), focus=f"reason-{pk}-edit")
    response = _editor(
        request, form, context, element=f"reason-{pk}", status=STATUS_INVALID
    )
    return retarget(response, f"#reason-{pk}")


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def move_reason(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """By `step` (-1, 1), by `level` (in, out), or `before`/`after` another reason."""
    row = _reason(account, pk)
    try:
        _move(request, row)
    except SettingRefusedError as refusal:
        response = render(request, _REGION, _context(account), status=STATUS_CONFLICT)
        return toast(response, refusal.message, tone="danger")
    return _region(request, account, _("%(name)s was moved.") % {"name": row.name})


def _move(request: DeskRequest, row: ContactReason) -> None:
    data, actor = request.POST, request.user
    target = data.get("after") or data.get("before") or ""
    if data.get("step") in {"-1", "1"}:
        actions.move_reason(row, actor=actor, step=int(data["step"]))
    elif data.get("level") == "in":
        actions.indent_reason(row, actor=actor)
    elif data.get("level") == "out":
        actions.outdent_reason(row, actor=actor)
    elif target.isdecimal() and len(target) < 19:
        after = "after" in data
        actions.place_reason(row, actor=actor, target=int(target), after=after)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def retire_reason(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    actions.retire_reason(_reason(account, pk), actor=request.user)
    return _region(request, account, _("Retired"), focus=f"reason-{pk}-restore")


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def restore_reason(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    actions.restore_reason(_reason(account, pk), actor=request.user)
    return _region(request, account, _("Restored"), focus=f"reason-{pk}-edit")
