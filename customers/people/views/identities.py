"""Adding, confirming and removing the addresses of a customer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from agentdesk.accounts.roles import Permission
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    DeskRequest,
    signed_in,
    toast,
)
from customers.choices import ClaimProof
from customers.exceptions import (
    ClaimRefutedError,
    IdentityTakenError,
    InvalidIdentityError,
)
from customers.models import Claim, Customer, Identity
from customers.people.actions.add_by_hand import add_by_hand
from customers.people.actions.decide_claim import prove_claim, refute_claim
from customers.people.actions.identities import remove_identity, verify_identity
from customers.people.forms.identity import IdentityForm
from customers.people.live import customer_changed
from customers.people.selectors.contacts import contacts
from customers.people.views.panel import identities_part, visible_customer


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
    add_by_hand(
        customer,
        form.cleaned_data["kind"],
        form.cleaned_data["value"],
        actor=request.user,
        is_confirmed=form.cleaned_data["verified"],
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


@signed_in
@require_POST
def confirm_claim(request: DeskRequest, pk: int) -> HttpResponse:
    """本人に確認した: a member's word. Where another has it, the panel offers to join."""
    claim = _editable_claim(request, pk)
    customer = visible_customer(request, claim.customer_id)
    try:
        prove_claim(claim, actor=request.user, proof=ClaimProof.MEMBER)
    except (IdentityTakenError, ClaimRefutedError) as error:
        customer_changed(customer)
        response = identities_part(request, customer, status=STATUS_CONFLICT)
        return toast(response, str(error), tone="danger")
    return identities_part(request, customer)


@signed_in
@require_POST
def refute(request: DeskRequest, pk: int) -> HttpResponse:
    """本人のものではない."""
    claim = _editable_claim(request, pk)
    refute_claim(claim, actor=request.user)
    return identities_part(request, visible_customer(request, claim.customer_id))


def _editable_claim(request: DeskRequest, pk: int) -> Claim:
    claim = get_object_or_404(Claim.objects.visible_to(request.access), pk=pk)
    request.access.require(Permission.EDIT_CUSTOMER, claim.account_id)
    return claim


def _editable(request: DeskRequest, pk: int) -> Identity:
    identity = get_object_or_404(Identity.objects.visible_to(request.access), pk=pk)
    request.access.require(Permission.EDIT_CUSTOMER, identity.account_id)
    return identity


def _form(
    request: DeskRequest, customer: Customer, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"customer": customer, "contacts": contacts(customer)}
    return render(
        request, "customers/people/_add_identity.html", context, status=status
    )
