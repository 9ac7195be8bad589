"""One inbox that is connected to a provider: its page, its state, texts and hours."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.forms.hours import WeekForm
from agentdesk.accounts.hours import week_from, written
from agentdesk.accounts.models import ClientAccount, Membership
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    STATUS_UNCHANGED,
    DeskRequest,
    toast,
)
from agentdesk.web.settings_pages import managing
from agentdesk.web.text import number_in
from conversations.choices import InboxState
from conversations.inbound.tasks import release_held
from conversations.inboxes.actions.delete_inbox import delete_inbox
from conversations.inboxes.actions.inbox import change_inbox
from conversations.inboxes.actions.set_inbox_state import set_inbox_state
from conversations.inboxes.forms.inbox import InboxTextsForm
from conversations.inboxes.selectors.page import question_before_opening, state_control
from conversations.inboxes.selectors.progress import progress_of
from conversations.inboxes.views.connection import connected_inbox, steps_context
from conversations.inboxes.views.keys import keys_context
from conversations.models import Inbox


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def inbox(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The steps from a draft to live; each shows how far it has come."""
    row = connected_inbox(account, pk)
    context = steps_context(row) | _texts(row) | _hours(row)
    context |= keys_context(request, row)
    return render(request, "inboxes/inbox.html", context)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def texts(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = connected_inbox(account, pk)
    form = _texts_form(row, request.POST)
    template = "inboxes/_inbox_texts.html"
    if form.is_valid():
        try:
            change_inbox(row, actor=request.user, values=form.cleaned_data)
        except SettingRefusedError as refusal:
            form.add_error(refusal.field or None, refusal.message)
    if form.errors:
        return render(request, template, _texts(row, form), status=STATUS_INVALID)
    return toast(render(request, template, _texts(row)), _("Saved"))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def hours(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """Its own hours; none at all means those of the company."""
    row = connected_inbox(account, pk)
    form = WeekForm(request.POST, week={})
    template = "inboxes/_inbox_hours.html"
    if not form.is_valid():
        return render(request, template, _hours(row, form), status=STATUS_INVALID)
    change_inbox(row, actor=request.user, values={"hours": written(form.week)})
    return toast(render(request, template, _hours(row)), _("Saved"))


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def state(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The control of the state, on whichever page the inbox is set up."""
    row = _any_inbox(account, pk)
    if request.method == "GET":
        if request.GET.get("seen") == state_control(row).version:
            return HttpResponse(status=STATUS_UNCHANGED)
        return _state(request, row)
    chosen = request.POST.get("state", "")
    if question := _unanswered(request, row, chosen):
        return _state(request, row, refused=question)
    try:
        row = set_inbox_state(row, chosen, actor=request.user)
    except SettingRefusedError as refusal:
        return _state(request, row, refused=refusal.message)
    if row.is_active:
        enqueue(release_held, row.pk)
    label = InboxState(row.state).label
    response = trigger_client_event(_state(request, row), "inbox-changed")
    return toast(response, _("Now: %(state)s") % {"state": label})


def _unanswered(request: DeskRequest, row: Inbox, state: str) -> str:
    is_confirmed = "confirmed" in request.POST
    return "" if is_confirmed else question_before_opening(row, state)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def delete(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = _any_inbox(account, pk)
    try:
        delete_inbox(row, actor=request.user)
    except SettingRefusedError as refusal:
        return _state(request, row, refused=refusal.message)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": row.name})
    return HttpResponseClientRedirect(
        reverse("settings_desk:inboxes", args=[account.slug])
    )


def _state(request: DeskRequest, row: Inbox, *, refused: str = "") -> HttpResponse:
    context = {"account": row.account, "control": state_control(row, refused=refused)}
    template = "inboxes/_inbox_state.html"
    status = STATUS_CONFLICT if refused else 200
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def partial(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    """The dialog that asks for the hours and the members of a partly live inbox."""
    row = _any_inbox(account, pk)
    if request.method == "GET":
        form = WeekForm(None, week=week_from(row.partial_hours), prefix="partial-")
        chosen = set(row.partial_members.values_list("pk", flat=True))
        return _partial(request, row, form, chosen)
    form = WeekForm(request.POST, week={}, prefix="partial-")
    chosen = {number_in(value) or 0 for value in request.POST.getlist("members")}
    refused = _unanswered(request, row, InboxState.PARTIAL)
    if form.is_valid() and not refused:
        try:
            row = set_inbox_state(
                row, "partial", actor=request.user, hours=form.week, members=chosen
            )
        except SettingRefusedError as refusal:
            refused = refusal.message
        else:
            return _opened_in_part(row)
    return _partial(request, row, form, chosen, refused=refused)


def _opened_in_part(row: Inbox) -> HttpResponse:
    enqueue(release_held, row.pk)
    response = trigger_client_event(HttpResponse(status=204), "close-dialog")
    response = trigger_client_event(response, f"inbox-state-{row.pk}")
    response = trigger_client_event(response, "inbox-changed")
    label = InboxState.PARTIAL.label
    return toast(response, _("Now: %(state)s") % {"state": label})


def _partial(
    request: DeskRequest,
    row: Inbox,
    form: WeekForm,
    chosen: set[int],
    *,
    refused: str = "",
) -> HttpResponse:
    members = Membership.objects.active().filter(account=row.account_id)
    context = {
        "account": row.account,
        "inbox": row,
        "week": form,
        "members": members.select_related("user").order_by("user__family_name", "pk"),
        "chosen": chosen,
        "refused": refused,
        "is_unheard": progress_of(row).is_unheard,
    }
    template = "inboxes/_partial_dialog.html"
    status = 200 if request.method == "GET" else STATUS_INVALID
    return render(request, template, context, status=status)


def _any_inbox(account: ClientAccount, pk: int) -> Inbox:
    rows = Inbox.objects.select_related("account", "connection", "queue")
    return get_object_or_404(rows, account=account, pk=pk)


def _texts_form(row: Inbox, data: Any = None) -> InboxTextsForm:
    has_signature = steps_context(row)["can"].has_subject
    return InboxTextsForm(row, data, has_signature=has_signature)


def _texts(row: Inbox, form: InboxTextsForm | None = None) -> dict[str, Any]:
    return {
        "account": row.account,
        "inbox": row,
        "texts": form or _texts_form(row),
    }


def _hours(row: Inbox, form: WeekForm | None = None) -> dict[str, Any]:
    return {
        "account": row.account,
        "inbox": row,
        "week": form or WeekForm(None, week=week_from(row.hours)),
        "has_own_hours": bool(row.hours),
        "is_open": bool(row.hours) or form is not None,
    }
