"""Adding, confirming and removing the addresses of a customer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_CONFLICT, STATUS_INVALID, DeskRequest, signed_in
from customers.actions.identify import add_identity
from customers.actions.identities import remove_identity, verify_identity
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.forms.identity import IdentityForm
from customers.live import customer_changed
from customers.models import Customer, Identity
from customers.selectors import panel
from customers.views.panel import identities_part, visible_customer


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: DeskRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request, pk)
    request.access.require(Permission.EDIT_CUSTOMER, customer.account_id)
    if request.method == "GET":
        return _form(request, customer, form=IdentityForm())
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _form(request, customer, form=form, status=STATUS_INVALID)
    try:
        _add(request, customer, form)
    except InvalidIdentityError as error:
        form.add_error("value", str(error))
        return _form(request, customer, form=form, status=STATUS_INVALID)
    except IdentityTakenError as error:
        taken = {"message": str(error), "holder": error.customer}
        return _form(request, customer, form=form, status=STATUS_CONFLICT, **taken)
    return identities_part(request, customer)


def _add(request: DeskRequest, customer: Customer, form: IdentityForm) -> None:
    add_identity(
        customer,
        form.cleaned_data["kind"],
        form.cleaned_data["value"],
        actor=request.user,
        source="desk",
        verified=form.cleaned_data["verified"],
    )
    customer_changed(customer)


@signed_in
@require_POST
def verify(request: DeskRequest, pk: int) -> HttpResponse:
    identity = _editable(request, pk)
    verify_identity(identity, actor=request.user)
    return identities_part(request, visible_customer(request, identity.customer_id))


@signed_in
@require_POST
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    identity = _editable(request, pk)
    remove_identity(identity, actor=request.user)
    return identities_part(request, visible_customer(request, identity.customer_id))


def _editable(request: DeskRequest, pk: int) -> Identity:
    identity = get_object_or_404(Identity.objects.visible_to(request.access), pk=pk)
    request.access.require(Permission.EDIT_CUSTOMER, identity.account_id)
    return identity


def _form(
    request: DeskRequest, customer: Customer, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"customer": customer, "addresses": panel.addresses(customer)}
    return render(request, "customers/_add_identity.html", context, status=status)
