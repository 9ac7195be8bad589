"""Everything the customer pane shows at once, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Sum

from customers.choices import IdentityKind
from customers.models import AttributeDefinition, Cart, Customer, Identity, Order
from customers.selectors.orders import COUNTING, Purchases, purchases
from customers.text import display_phone

_ICONS = {
    IdentityKind.PHONE: "phone",
    IdentityKind.EMAIL: "mail",
    IdentityKind.SHOP: "id-card",
    IdentityKind.WEB: "globe",
    IdentityKind.LINE: "message-square-text",
    IdentityKind.MESSENGER: "message-circle-more",
    IdentityKind.INSTAGRAM: "camera",
    IdentityKind.WHATSAPP: "message-square-quote",
    IdentityKind.X: "at-sign",
}
_ORDER = [str(kind) for kind in _ICONS]


# Given out by a provider (or by us to a browser): nobody reads such a value whole.
_OPAQUE = {
    IdentityKind.WEB,
    IdentityKind.LINE,
    IdentityKind.MESSENGER,
    IdentityKind.INSTAGRAM,
    IdentityKind.WHATSAPP,
    IdentityKind.X,
}
_READABLE = 16  # letters


@dataclass(frozen=True)
class Address:
    """One identity as it is read: nationally spelled, with its icon."""

    identity: Identity
    text: str

    @property
    def short(self) -> str:
        """`LINE · U4af…9c1` for a provider's long id; else nothing."""
        kind = IdentityKind(self.identity.kind)
        value = self.identity.value
        if kind not in _OPAQUE or len(value) <= _READABLE:
            return ""
        return f"{kind.label} · {value[:4]}…{value[-3:]}"

    @property
    def icon(self) -> str:
        return _ICONS[IdentityKind(self.identity.kind)]

    @property
    def is_phone(self) -> bool:
        return self.identity.kind == IdentityKind.PHONE

    @property
    def is_anonymous(self) -> bool:
        """A number of ours for a browser; nobody reads it out or copies it."""
        return self.identity.kind == IdentityKind.WEB


@dataclass(frozen=True)
class AttributeValue:
    definition: AttributeDefinition
    value: str


@dataclass(frozen=True)
class LifetimeFigures:
    """Orders that were neither cancelled nor returned, over all stores."""

    orders: int
    spend: int  # yen, tax included
    last_purchase: datetime | None


@dataclass(frozen=True)
class CartNow:
    cart: Cart
    amount: int


@dataclass(frozen=True)
class CustomerPanel:
    customer: Customer
    addresses: list[Address]
    attributes: list[AttributeValue]
    figures: LifetimeFigures
    purchases: Purchases
    cart: CartNow | None


def customer_panel(customer: Customer) -> CustomerPanel:
    """At most 9 queries, however much is known about `customer`."""
    return CustomerPanel(
        customer=customer,
        addresses=addresses(customer),
        attributes=attribute_values(customer),
        figures=lifetime_figures(customer),
        purchases=purchases(customer),
        cart=cart_now(customer),
    )


def addresses(customer: Customer) -> list[Address]:
    region = customer.account.phone_region
    rows = sorted(
        customer.identities.all(), key=lambda row: (_ORDER.index(row.kind), row.pk)
    )
    return [Address(row, _address_text(row, region)) for row in rows]


def _address_text(identity: Identity, region: str) -> str:
    if identity.kind in {IdentityKind.PHONE, IdentityKind.WHATSAPP}:
        return display_phone(identity.value, region)
    return identity.value


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
        orders=Count("pk"), spend=Sum("total"), last_purchase=Max("placed_at")
    )
    return LifetimeFigures(
        orders=figures["orders"],
        spend=figures["spend"] or 0,
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
