"""Deciding about an address that a customer merely states: joined, told apart, or by a code."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    DeskRequest,
    signed_in,
    toast,
)
from conversations.exceptions import RefusalError
from conversations.inbound.join_claim import join_claimant
from conversations.inbound.redeem_claim_code import redeem_claim_code
from conversations.outbound.claim_code_form import code_form
from conversations.outbound.tasks import deliver
from conversations.replies.actions.claim_code import send_code
from customers.exceptions import ClaimRefutedError, IdentityTakenError
from customers.models import Claim
from customers.people.actions.decide_claim import refute_claim
from customers.people.views.panel import identities_part, visible_customer


class CodeForm(forms.Form):
    via = forms.RegexField(r"^\d{1,18}:c\d{1,18}$", required=False)
    code = forms.CharField(required=False, max_length=40)


def _claim(request: DeskRequest, pk: int) -> tuple[Claim, Membership]:
    rows = Claim.objects.visible_to(request.access)
    claim = get_object_or_404(rows.select_related("account", "customer"), pk=pk)
    member = request.access.require(Permission.EDIT_CUSTOMER, claim.account_id)
    return claim, member


@require_POST
@signed_in
def join(request: DeskRequest, pk: int) -> HttpResponse:
    """One person: the lines of both threads, and the panels, change by live events."""
    claim, member = _claim(request, pk)
    try:
        join_claimant(claim, member=member)
    except RefusalError as refusal:
        response = HttpResponse(status=STATUS_CONFLICT)
        return toast(response, str(refusal), tone="danger")
    return toast(HttpResponse(status=204), _("They are one customer from now on."))


@require_POST
@signed_in
def part(request: DeskRequest, pk: int) -> HttpResponse:
    """別人: nobody is asked about these two again."""
    claim, member = _claim(request, pk)
    refute_claim(claim, actor=member.user)
    return toast(HttpResponse(status=204), _("They stay two customers."))


@require_http_methods(["GET", "POST"])
@signed_in
def code(request: DeskRequest, pk: int) -> HttpResponse:
    """The form, and with POST a new code to the stated address."""
    claim, member = _claim(request, pk)
    if request.method == "GET":
        return _form(request, claim)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    try:
        message = send_code(claim, member=member, via=form.cleaned_data["via"])
    except RefusalError as refusal:
        return _form(request, claim, error=str(refusal), status=STATUS_INVALID)
    enqueue(deliver, message.pk)
    return _form(request, claim)


@require_POST
@signed_in
def redeem(request: DeskRequest, pk: int) -> HttpResponse:
    """What the customer has read out: the contact details, or the form with what is wrong."""
    claim, member = _claim(request, pk)
    form = CodeForm(request.POST)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    customer = visible_customer(request, claim.customer_id)
    try:
        redeem_claim_code(claim, typed, actor=member.user)
    except RefusalError as refusal:
        return _form(request, claim, error=str(refusal), status=STATUS_INVALID)
    except IdentityTakenError as taken:
        text = _(
            "The code is right. It is also a contact of %(name)s: please say whether "
            "they are one person."
        ) % {"name": taken.customer.name_with_honorific}
        response = toast(identities_part(request, customer), text, tone="info")
    except ClaimRefutedError as refuted:
        response = identities_part(request, customer, status=STATUS_CONFLICT)
        response = toast(response, str(refuted), tone="danger")
    else:
        response = toast(identities_part(request, customer), _("Contact confirmed"))
    return reswap(retarget(response, "#customer-identities"), "outerHTML")


def _form(
    request: DeskRequest, claim: Claim, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {"claim": claim, "form": code_form(claim), "error": error}
    return render(request, "replies/_claim_code.html", context, status=status)
