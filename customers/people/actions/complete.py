"""Filling what is not known yet of many customers at once, from their shop's file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agentdesk.audit import log
from customers.models import Customer
from customers.people.live import customer_changed
from customers.people.text import search_key

NAMES = ("family_name", "given_name", "family_kana", "given_kana")
FIELDS = (*NAMES, "address")
_KEY_LENGTH = 130


@dataclass(frozen=True)
class Known:
    """What somebody knows of a customer; an empty text is nothing."""

    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    address: str = ""


@transaction.atomic
def complete_customers(known: Iterable[tuple[Customer, Known]]) -> int:
    """Write what is known where nothing stands; how many customers that changed.

    A name is filled as a whole, and so is its reading: half of one and half of another
    would be nobody's.
    """
    rows = dict(_by_number((one, it) for one, it in known if _missing(one, it)))
    if not rows:
        return 0
    customers = Customer.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=rows
    )
    changed = []
    entries = []
    for customer in customers.order_by("pk"):
        values = _missing(customer, rows[customer.pk])
        if not values:
            continue
        for name, value in values.items():
            setattr(customer, name, value)
        _make_keys(customer)
        customer.updated_at = timezone.now()
        changed.append(customer)
        entries.append(
            log.entry("customer.completed", customer, actor=None, after=values)
        )
    Customer.objects.bulk_update(
        changed, [*FIELDS, "name_key", "kana_key", "updated_at"]
    )
    log.record_all(entries)
    for customer in changed:
        customer_changed(customer)
    return len(changed)


def _by_number(
    known: Iterable[tuple[Customer, Known]],
) -> Iterable[tuple[int, Known]]:
    """Where two files or two orders know something, the first counts."""
    seen: dict[int, Known] = {}
    for customer, one in known:
        before = seen.get(customer.pk, Known())
        seen[customer.pk] = Known(*(_either(before, one, name) for name in FIELDS))
    return seen.items()


def _either(before: Known, one: Known, name: str) -> Any:
    return getattr(before, name) or getattr(one, name)


def _missing(customer: Customer, known: Known) -> dict[str, str]:
    values: dict[str, str] = {}
    for names in (NAMES[:2], NAMES[2:], ("address",)):
        if not any(getattr(customer, name) for name in names):
            values |= {name: getattr(known, name) for name in names}
    return {name: value for name, value in values.items() if value}


def _make_keys(customer: Customer) -> None:
    if customer.is_named:
        name = customer.family_name + customer.given_name
        customer.name_key = search_key(name)[:_KEY_LENGTH]
    kana = customer.family_kana + customer.given_kana
    customer.kana_key = search_key(kana)[:_KEY_LENGTH]
