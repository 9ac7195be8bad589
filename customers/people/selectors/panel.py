"""Everything the customer pane shows at once, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Sum

from customers.models import AttributeDefinition, Cart, Customer, Order
from customers.orders.selectors import COUNTING, Purchases, purchases
from customers.people.selectors.contacts import Contacts, contacts


@dataclass(frozen=True)
class AttributeValue:
    definition: AttributeDefinition
    value: str


@dataclass(frozen=True)
class LifetimeFigures:
    """Orders that were neither cancelled nor returned, over all stores."""

    orders: int
    total: int  # yen, tax included
    last_purchase: datetime | None


@dataclass(frozen=True)
class CartNow:
    cart: Cart
    amount: int


@dataclass(frozen=True)
class CustomerPanel:
    customer: Customer
    contacts: Contacts
    attributes: list[AttributeValue]
    figures: LifetimeFigures
    purchases: Purchases
    cart: CartNow | None


def customer_panel(customer: Customer) -> CustomerPanel:
    """At most 11 queries, however much is known about `customer`."""
    return CustomerPanel(
        customer=customer,
        contacts=contacts(customer),
        attributes=attribute_values(customer),
        figures=lifetime_figures(customer),
        purchases=purchases(customer),
        cart=cart_now(customer),
    )


def attribute_definitions(customer: Customer) -> list[AttributeDefinition]:
    """Those of the account, without the retired ones that this customer has no value of."""
    return [
        definition
        for definition in AttributeDefinition.objects.filter(
            account_id=customer.account_id
        )
        if definition.retired_at is None or customer.attributes.get(definition.key)
    ]


def attribute_values(customer: Customer) -> list[AttributeValue]:
    return [
        AttributeValue(definition, str(customer.attributes.get(definition.key) or ""))
        for definition in attribute_definitions(customer)
    ]


def lifetime_figures(customer: Customer) -> LifetimeFigures:
    figures = Order.objects.filter(COUNTING, customer=customer).aggregate(
        orders=Count("pk"), total=Sum("total"), last_purchase=Max("placed_at")
    )
    return LifetimeFigures(
        orders=figures["orders"],
        total=figures["total"] or 0,
        last_purchase=figures["last_purchase"],
    )


def cart_now(customer: Customer) -> CartNow | None:
    """The basket with its lines; None where it is empty."""
    cart = (
        Cart.objects.filter(customer=customer)
        .select_related("store")
        .prefetch_related("lines")
        .first()
    )
    if cart is None or not cart.lines.all():
        return None
    return CartNow(cart, sum(line.amount for line in cart.lines.all()))
