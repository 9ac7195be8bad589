"""The list of customers: those changed last come first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from agentdesk.accounts.access import Access
from agentdesk.web.keyset import Page, page
from customers.choices import IdentityKind
from customers.models import Claim, Customer
from customers.people.text import display_phone

_ORDER = ("-updated_at", "-id")


@dataclass(frozen=True)
class CustomerRow:
    """`is_phone_stated`: no number is known, and this is what they state (本人申告)."""

    customer: Customer
    phone: str
    email: str
    is_phone_stated: bool = False
    is_email_stated: bool = False


def recent_customers(
    access: Access, *, cursor: str = "", size: int = 50
) -> Page[Customer]:
    """Of the accounts on screen: an index range each, however many customers there are.

    Raises InvalidCursorError.
    """
    ids: list[int] = []
    for account_id in access.shown_ids:
        newest = page(
            Customer.objects.real()
            .filter(account_id=account_id)
            .only("pk", "updated_at"),
            _ORDER,
            cursor=cursor,
            size=size + 1,
        )
        ids.extend(row.pk for row in newest.rows)
    rows = Customer.objects.shown_to(access).filter(pk__in=ids)
    return page(with_addresses(rows), _ORDER, cursor=cursor, size=size)


def with_addresses(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    return rows.select_related("account", "rank").prefetch_related("identities")


def as_rows(customers: Iterable[Customer]) -> list[CustomerRow]:
    """With the first number and mail address of each, as they are read. One query."""
    shown = list(customers)
    stated: dict[int, dict[str, str]] = {}
    for claim in Claim.objects.open().filter(customer__in=shown).order_by("pk"):
        stated.setdefault(claim.customer_id, {}).setdefault(claim.kind, claim.value)
    return [_as_row(customer, stated.get(customer.pk, {})) for customer in shown]


def _as_row(customer: Customer, stated: Mapping[str, str]) -> CustomerRow:
    known: dict[str, str] = {}
    for identity in sorted(customer.identities.all(), key=lambda row: row.pk):
        known.setdefault(identity.kind, identity.value)
    first = {**stated, **known}
    phone = first.get(IdentityKind.PHONE, "")
    return CustomerRow(
        customer,
        phone=display_phone(phone, customer.account.phone_region) if phone else "",
        email=first.get(IdentityKind.EMAIL, ""),
        is_phone_stated=bool(phone) and IdentityKind.PHONE not in known,
        is_email_stated=IdentityKind.EMAIL in stated.keys() - known.keys(),
    )
