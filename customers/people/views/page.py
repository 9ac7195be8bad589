"""The customers page: the list, one customer, a new one."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, signed_in
from agentdesk.web.keyset import InvalidCursorError
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.models import Customer
from customers.people.actions.add_by_hand import add_by_hand
from customers.people.actions.edit import create_customer
from customers.people.forms.new import NewCustomerForm
from customers.people.selectors.find import find_customers
from customers.people.selectors.list import as_rows, recent_customers
from customers.people.selectors.panel import customer_panel
from customers.people.views.panel import visible_customer


@signed_in
@require_GET
def customers(request: DeskRequest) -> HttpResponse:
    """Those changed last; with `q`, the best matches of a search."""
    query = request.GET.get("q", "").strip()
    if query:
        accounts = [
            row for row in request.access.accounts if row.pk in request.access.shown_ids
        ]
        found = [row.customer for row in find_customers(accounts, query)]
        context = {"query": query[:60], "rows": as_rows(found)}
        return render(request, "customers/people/customers.html", context)
    try:
        page = recent_customers(request.access, cursor=request.GET.get("after", ""))
    except InvalidCursorError as error:
        raise Http404 from error
    context = {"rows": as_rows(page.rows), "next_cursor": page.next_cursor}
    return render(request, "customers/people/customers.html", context)


@signed_in
@require_GET
def customer(request: DeskRequest, pk: int) -> HttpResponse:
    row = visible_customer(request, pk)
    context = {"customer": row, "panel": customer_panel(row)}
    return render(request, "customers/people/customer.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    form = NewCustomerForm(request.access, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _new_form(request, form, 200 if request.method == "GET" else None)
    account = form.account
    request.access.require(Permission.EDIT_CUSTOMER, account.pk)
    try:
        row = _create(request, form)
    except InvalidIdentityError as error:
        form.add_error(None, str(error))
        return _new_form(request, form, STATUS_INVALID)
    except IdentityTakenError as error:
        return _new_form(request, form, STATUS_CONFLICT, taken=error)
    return redirect(reverse("customers:customer", args=[row.pk]))


@transaction.atomic
def _create(request: DeskRequest, form: NewCustomerForm) -> Customer:
    """The customer with all addresses, or nothing of it."""
    row = create_customer(form.account, actor=request.user, values=form.values())
    for kind, value in form.addresses():
        add_by_hand(
            row,
            kind,
            value,
            actor=request.user,
            is_confirmed=form.cleaned_data["verified"],
        )
    return row


def _new_form(
    request: DeskRequest,
    form: NewCustomerForm,
    status: int | None,
    taken: IdentityTakenError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    if taken is not None:
        context |= {"message": str(taken), "holder": taken.customer}
    return render(
        request, "customers/people/new.html", context, status=status or STATUS_INVALID
    )
