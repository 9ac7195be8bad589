"""Everything the customer pane shows at once, in a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import QuerySet

from agentdesk.prepared import as_prefetched, prepared
from customers.models import AttributeDefinition, Cart, CartLine, Customer
from customers.orders.selectors import LifetimeFigures, Purchases, first_purchases
from customers.people.selectors.contacts import Contacts, contacts


@dataclass(frozen=True)
class AttributeValue:
    definition: AttributeDefinition
    value: str


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
    """At most 6 queries, however much is known about `customer`."""
    figures, newest = first_purchases(customer)
    return CustomerPanel(
        customer=customer,
        contacts=contacts(customer),
        attributes=attribute_values(customer),
        figures=figures,
        purchases=newest,
        cart=cart_now(customer),
    )


def attribute_definitions(customer: Customer) -> list[AttributeDefinition]:
    """Those of the account, without the retired ones that this customer has no value of."""
    return [
        definition
        for definition in definitions_of(customer.account_id)
        if definition.retired_at is None or customer.attributes.get(definition.key)
    ]


@prepared
def definitions_of(account_id: int) -> QuerySet[AttributeDefinition]:
    return AttributeDefinition.objects.filter(account_id=account_id)


def attribute_values(customer: Customer) -> list[AttributeValue]:
    return [
        AttributeValue(definition, str(customer.attributes.get(definition.key) or ""))
        for definition in attribute_definitions(customer)
    ]


def cart_now(customer: Customer) -> CartNow | None:
    """The basket with its lines; None where it is empty."""
    lines = cart_lines_of(customer.pk)
    if not lines:
        return None
    cart = lines[0].cart
    as_prefetched(cart, "lines", lines)
    return CartNow(cart, sum(line.amount for line in lines))


@prepared
def cart_lines_of(customer_id: int) -> QuerySet[CartLine]:
    rows = CartLine.objects.filter(cart__customer=customer_id)
    return rows.select_related("cart__store").order_by("position")
