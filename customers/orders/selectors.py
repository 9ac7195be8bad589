"""The purchases of a customer, online and in stores, as one list."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from agentdesk.web.keyset import Page, page
from customers.choices import OrderStatus, StoreKind
from customers.models import Customer, Order, OrderLine

PURCHASES_AT_ONCE = 8
# Neither counts in what a customer has spent, nor as a purchase of theirs.
VOID = (OrderStatus.CANCELLED, OrderStatus.RETURNED)
COUNTING = ~Q(status__in=VOID)

_TONES = {
    OrderStatus.PLACED: "info",
    OrderStatus.PREPARING: "info",
    OrderStatus.SHIPPED: "accent",
    OrderStatus.DELIVERED: "success",
    OrderStatus.COMPLETED: "success",
    OrderStatus.CANCELLED: "neutral",
    OrderStatus.RETURNED: "warning",
}
_STORE_ICONS = {StoreKind.EC: "shopping-cart", StoreKind.PHYSICAL: "store"}


@dataclass(frozen=True)
class Purchase:
    """One order as a row of the list; its lines are read when it is opened."""

    order: Order
    first_line: str
    more_lines: int

    @property
    def tone(self) -> str:
        return _TONES[OrderStatus(self.order.status)]

    @property
    def store_icon(self) -> str:
        return _STORE_ICONS[StoreKind(self.order.store.kind)]

    @property
    def is_void(self) -> bool:
        return self.order.status in VOID


@dataclass(frozen=True)
class Purchases:
    rows: list[Purchase]
    next_cursor: str


def purchases(customer: Customer, *, cursor: str = "") -> Purchases:
    """Newest first; one query. Raises InvalidCursorError."""
    found: Page[Order] = page(
        Order.objects.filter(customer=customer)
        .select_related("store")
        .annotate(
            first_line=Subquery(
                OrderLine.objects.filter(order=OuterRef("pk"))
                .order_by("position")
                .values("name")[:1]
            ),
            line_count=Subquery(
                OrderLine.objects.filter(order=OuterRef("pk"))
                .order_by()
                .values("order")
                .annotate(number=Count("pk"))
                .values("number")
            ),
        ),
        ("-placed_at", "-id"),
        cursor=cursor,
        size=PURCHASES_AT_ONCE,
    )
    return Purchases([_as_purchase(row) for row in found.rows], found.next_cursor)


def _as_purchase(order: Order) -> Purchase:
    noted = vars(order)  # with what was annotated
    return Purchase(order, noted["first_line"] or "", (noted["line_count"] or 1) - 1)
