"""Editing the head and the profile of a customer in their place in the pane."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, signed_in
from customers.exceptions import EditConflictError
from customers.models import Customer
from customers.people.actions.edit import edit_customer, value_of
from customers.people.forms.customer import EditForm, HeadForm, ProfileForm
from customers.people.views.panel import head_part, profile_part, visible_customer

Part = Callable[[DeskRequest, Customer], HttpResponse]


@signed_in
@require_http_methods(["GET", "POST"])
def head(request: DeskRequest, pk: int) -> HttpResponse:
    return _edit(request, pk, HeadForm, "customers/people/_edit_head.html", head_part)


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: DeskRequest, pk: int) -> HttpResponse:
    return _edit(
        request, pk, ProfileForm, "customers/people/_edit_profile.html", profile_part
    )


def _edit(
    request: DeskRequest, pk: int, form_of: type[EditForm], template: str, shown: Part
) -> HttpResponse:
    customer = visible_customer(request, pk)
    request.access.require(Permission.EDIT_CUSTOMER, customer.account_id)
    context: dict[str, Any] = {"customer": customer}
    if request.method == "GET":
        context["form"] = form_of(customer)
        return render(request, template, context)
    form = context["form"] = form_of(customer, request.POST)
    if not form.is_valid():
        return render(request, template, context, status=STATUS_INVALID)
    try:
        edit_customer(
            customer, actor=request.user, changes=form.changes(), seen=form.seen()
        )
    except EditConflictError as conflict:
        context |= _conflict_context(form, conflict)
        return render(request, template, context, status=STATUS_CONFLICT)
    return shown(request, visible_customer(request, pk))


def _conflict_context(form: EditForm, conflict: EditConflictError) -> dict[str, Any]:
    rows = []
    for name, column in form.columns.items():
        if column in conflict.fields:
            value = _readable(conflict.customer, column)
            rows.append({"label": form.fields[name].label, "value": value})
    return {
        "customer": conflict.customer,
        "form": form.rebased(conflict.customer),
        "conflicts": rows,
        "message": str(conflict),
    }


def _readable(customer: Customer, column: str) -> str:
    rank = customer.rank
    value = rank.name if column == "rank_id" and rank else value_of(customer, column)
    return str(value or _("nothing"))
