"""The call box of the top bar: what it offers while one types, and what Enter starts."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in
from conversations.calls.actions.call import start_call
from conversations.calls.actions.redeem import redeem_code
from conversations.calls.forms import StartForm
from conversations.calls.selectors.caller import CallBoxOffer, call_box_offer
from conversations.exceptions import RefusalError
from conversations.models import Call, Conversation
from customers.models import Customer


@signed_in
@require_GET
def find(request: DeskRequest) -> HttpResponse:
    """The options for what was typed; a code among them is not tried."""
    accounts = [
        account for account in request.access.accounts if _is_shown(request, account.pk)
    ]
    offer = call_box_offer(accounts, request.GET.get("q", ""), access=request.access)
    return _options(request, offer)


@signed_in
@require_POST
def start(request: DeskRequest) -> HttpResponse:
    """Begin a call with a customer, a new number or a pick-up code, and open its thread."""
    if not request.access.shown_ids:
        raise PermissionDenied
    form = StartForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("This is neither a number nor a customer."))
    try:
        call = _start(request, form)
    except RefusalError as refusal:
        return _refused(request, str(refusal))
    return to_conversation(request, call)


@signed_in
@require_GET
def open_customer(request: DeskRequest, customer_pk: int) -> HttpResponse:
    """Somebody who was found by other than their number: no call has begun by that."""
    customers = Customer.objects.visible_to(request.access)
    customer = get_object_or_404(customers, pk=customer_pk)
    rows = Conversation.objects.visible_to(request.access)
    conversation = rows.filter(customer=customer).first()
    if conversation is None:
        return redirect("customers:customer", customer.pk)
    return redirect("desk:conversation", conversation.pk)


def _start(request: DeskRequest, form: StartForm) -> Call:
    data = form.cleaned_data
    if data["code"]:
        return redeem_code(_callers(request), data["code"])
    customer = None
    account_id = data["account"]
    if data["customer"]:
        customer = get_object_or_404(
            Customer.objects.visible_to(request.access), pk=data["customer"]
        )
        account_id = customer.account_id
    account_id = account_id or request.access.shown_ids[0]
    member = request.access.require(Permission.CALL, account_id)
    return start_call(
        member,
        customer=customer,
        number=data["number"],
        direction=data["direction"] or "inbound",
    )


def _callers(request: DeskRequest) -> list[Membership]:
    """The user's places in the accounts shown, where they may call."""
    return [
        request.access.require(Permission.CALL, pk) for pk in request.access.shown_ids
    ]


def _is_shown(request: DeskRequest, account_id: int) -> bool:
    access = request.access
    return account_id in access.shown_ids and access.allows(Permission.CALL, account_id)


def to_conversation(request: DeskRequest, call: Call) -> HttpResponse:
    if call.conversation_id is None:
        url = reverse("desk:calls")
    else:
        url = reverse("desk:conversation", args=[call.conversation_id])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _options(request: DeskRequest, offer: CallBoxOffer) -> HttpResponse:
    context = {
        "offer": offer,
        "query": request.GET.get("q", "").strip()[:60],
        "shows_account": len(request.access.shown_ids) > 1,
    }
    return render(request, "calls/_call_options.jinja", context)


def _refused(request: DeskRequest, message: str) -> HttpResponse:
    return render(
        request,
        "calls/_call_refused.jinja",
        {"message": message},
        status=STATUS_INVALID,
    )
