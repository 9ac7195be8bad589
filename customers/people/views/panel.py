"""The customer pane and its parts, each a fragment with an address of its own."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.keyset import InvalidCursorError
from customers.models import Customer, Order
from customers.orders import selectors as orders
from customers.orders.carriers import tracking_url
from customers.people.selectors import panel
from customers.people.selectors.contacts import contacts


def visible_customer(request: DeskRequest, pk: int) -> Customer:
    """The customer with its account and rank; 404 for another account's."""
    rows = Customer.objects.visible_to(request.access).select_related("account", "rank")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_GET
def show(request: DeskRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request, pk)
    return render(
        request,
        "customers/people/_panel.jinja",
        {"panel": panel.customer_panel(customer)},
    )


@signed_in
@require_GET
def head(request: DeskRequest, pk: int) -> HttpResponse:
    return head_part(request, visible_customer(request, pk))


@signed_in
@require_GET
def identities(request: DeskRequest, pk: int) -> HttpResponse:
    return identities_part(request, visible_customer(request, pk))


@signed_in
@require_GET
def cart(request: DeskRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request, pk)
    context = {"customer": customer, "cart": panel.cart_now(customer)}
    return render(request, "customers/orders/_cart.jinja", context)


@signed_in
@require_GET
def profile(request: DeskRequest, pk: int) -> HttpResponse:
    return profile_part(request, visible_customer(request, pk))


@signed_in
@require_GET
def purchases(request: DeskRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request, pk)
    try:
        rows = orders.purchases(customer, cursor=request.GET.get("after", ""))
    except InvalidCursorError as error:
        raise Http404 from error
    context = {"customer": customer, "purchases": rows}
    return render(request, "customers/orders/_purchases.jinja", context)


@signed_in
@require_GET
def order(request: DeskRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Order.objects.visible_to(request.access).select_related("payment", "shipment"),
        pk=pk,
    )
    return render(request, "customers/orders/_order.html", _order_context(row))


def _order_context(row: Order) -> dict[str, Any]:
    lines = list(row.lines.all())
    shipment = getattr(row, "shipment", None)
    return {
        "order": row,
        "lines": lines,
        "other_costs": row.total - sum(line.amount for line in lines),
        "payment": getattr(row, "payment", None),
        "shipment": shipment,
        "tracking_url": tracking_url(shipment.carrier, shipment.tracking_number)
        if shipment
        else "",
        "history": list(row.status_changes.all()),
    }


def head_part(request: DeskRequest, customer: Customer) -> HttpResponse:
    return render(request, "customers/people/_head.jinja", {"customer": customer})


def identities_part(
    request: DeskRequest, customer: Customer, *, status: int = 200
) -> HttpResponse:
    context = {"customer": customer, "contacts": contacts(customer)}
    return render(request, "customers/people/_identities.jinja", context, status=status)


def profile_part(request: DeskRequest, customer: Customer) -> HttpResponse:
    context = {"customer": customer, "attributes": panel.attribute_values(customer)}
    return render(request, "customers/people/_profile.jinja", context)
