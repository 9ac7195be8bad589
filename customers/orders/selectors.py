"""The purchases of a customer, online and in stores, as one list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Count,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Window,
)
from django.utils import timezone

from agentdesk.prepared import prepared
from agentdesk.web.keyset import Page, as_page, page
from customers.choices import OrderStatus, StoreKind
from customers.models import Customer, Order, OrderLine

PURCHASES_AT_ONCE = 8
# Not delivered yet. A shop that never tells of a delivery leaves them so for ever.
_ON_THE_WAY = (OrderStatus.PLACED, OrderStatus.PREPARING, OrderStatus.SHIPPED)
_ON_THE_WAY_FOR = timedelta(days=60)
_MOST_ON_THE_WAY = 20
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
_ORDER = ("-placed_at", "-id")
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
    def is_on_the_way(self) -> bool:
        is_recent = self.order.placed_at > timezone.now() - _ON_THE_WAY_FOR
        return self.order.status in _ON_THE_WAY and is_recent

    @property
    def is_void(self) -> bool:
        return self.order.status in VOID


@dataclass(frozen=True)
class Purchases:
    rows: list[Purchase]
    next_cursor: str

    @property
    def on_the_way(self) -> int:
        return sum(row.is_on_the_way for row in self.rows)


@dataclass(frozen=True)
class LifetimeFigures:
    """Orders that were neither cancelled nor returned, over all stores."""

    orders: int
    total: int  # yen, tax included
    last_purchase: datetime | None


def purchases(customer: Customer, *, cursor: str = "") -> Purchases:
    """Newest first; one query. Raises InvalidCursorError."""
    rows = _as_rows(Order.objects.filter(customer=customer))
    return _shown(page(rows, _ORDER, cursor=cursor, size=PURCHASES_AT_ONCE))


def first_purchases(customer: Customer) -> tuple[LifetimeFigures, Purchases]:
    """The first page of them, and the figures over all, in the same query.

    Of that page what has not come yet stands first.
    """
    rows = first_orders(customer.pk)
    noted = vars(rows[0]) if rows else {}
    figures = LifetimeFigures(
        orders=noted.get("counting") or 0,
        total=noted.get("spent") or 0,
        last_purchase=noted.get("last_purchase"),
    )
    newest = _shown(as_page(rows, _ORDER, size=PURCHASES_AT_ONCE))
    newest.rows.sort(key=lambda row: not row.is_on_the_way)
    return figures, newest


@prepared
def first_orders(customer_id: int) -> QuerySet[Order]:
    rows = _as_rows(Order.objects.filter(customer=customer_id)).annotate(
        counting=Window(Count("pk", filter=COUNTING)),
        spent=Window(Sum("total", filter=COUNTING)),
        last_purchase=Window(Max("placed_at", filter=COUNTING)),
    )
    return rows.order_by(*_ORDER)[: PURCHASES_AT_ONCE + 1]


def orders_on_the_way(customer_ids: list[int]) -> dict[int, list[Order]]:
    """What has been ordered and has not come yet, newest first; one query."""
    rows = _on_the_way(customer_ids, timezone.now() - _ON_THE_WAY_FOR)
    found: dict[int, list[Order]] = {}
    for order in rows:
        found.setdefault(order.customer_id, []).append(order)
    return found


@prepared
def _on_the_way(customer_ids: list[int], since: datetime) -> QuerySet[Order]:
    rows = Order.objects.filter(customer__in=customer_ids, placed_at__gt=since)
    rows = rows.filter(status__in=_ON_THE_WAY).select_related("shipment")
    return rows.order_by(*_ORDER)[:_MOST_ON_THE_WAY]


def _as_rows(rows: QuerySet[Order]) -> QuerySet[Order]:
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    counted = lines.order_by().values("order").annotate(number=Count("pk"))
    return rows.select_related("store").annotate(
        first_line=Subquery(lines.order_by("position").values("name")[:1]),
        line_count=Subquery(counted.values("number")),
    )


def _shown(found: Page[Order]) -> Purchases:
    return Purchases([_as_purchase(row) for row in found.rows], found.next_cursor)


def _as_purchase(order: Order) -> Purchase:
    noted = vars(order)  # with what was annotated
    return Purchase(order, noted["first_line"] or "", (noted["line_count"] or 1) - 1)
