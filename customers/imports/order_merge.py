"""From the staging tables into the account, a few hundred orders at a time.

Every batch is a transaction of its own: an import that was killed is simply run again.
What is the same already is not touched, so that a second run writes nothing.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from customers.imports import order_sql as sql
from customers.imports import order_tables as tables
from customers.imports.base import Counts, Progress, Source
from customers.imports.order_customers import Resolved, resolve
from customers.imports.order_lines import merge_lines
from customers.imports.order_people import NewOrder
from customers.models import Customer
from customers.people.actions.complete import Known, complete_customers

BATCH = 500
_TRIES = 4
_NOBODY = "shop = '' and phone = '' and email = '' and name_key = ''"


@dataclass(frozen=True)
class Merge:
    """One file being brought into the account."""

    source: Source
    options: tables.Options
    counts: Counts


def merge(
    source: Source,
    options: tables.Options,
    titles: Mapping[str, str],
    counts: Counts,
    progress: Progress,
) -> None:
    """`titles` are those of the columns by which customers are known."""
    tables.reject_what_is_at_odds(options)
    total = tables.group(options)
    counts.shared_addresses = tables.leave_out_shared(options, titles)
    _reject_orders()
    started = time.monotonic()
    run = Merge(source, options, counts)
    for first in range(1, total + 1, BATCH):
        last = min(first + BATCH - 1, total)
        _merge_batch(run, first, last)
        rate = last / max(time.monotonic() - started, 0.001)
        progress(
            _("%(done)s of %(total)s orders (%(rate)s a second)")
            % {"done": last, "total": total, "rate": round(rate)}
        )


def _reject_orders() -> None:
    """Orders that cannot be new, and those of somebody else that are not."""
    reasons = {
        "is_new and placed_at is null": _("The date of the order is missing."),
        f"is_new and {_NOBODY}": _(
            "There is no name, customer number, phone number or mail address."
        ),
        sql.OF_ANOTHER_PERSON: _(
            "An order with this number is there already, and it is another customer’s."
        ),
    }
    for condition, reason in reasons.items():
        tables.reject_orders(condition, reason)


def _merge_batch(run: Merge, first: int, last: int) -> None:
    """Tried again where somebody else wrote the same addresses at the same moment."""
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                _write_batch(run, first, last)
            return
        except (IntegrityError, OperationalError):
            if attempt == _TRIES:
                raise
            time.sleep(0.05 * attempt)


def _write_batch(run: Merge, first: int, last: int) -> None:
    account, counts = run.source.account, run.counts
    span = {"account": account.pk, "first": first, "last": last}
    completed = _complete_known(span)
    resolved = resolve(run.source, _new_orders(first, last))
    _note_resolved(resolved)
    created = len(_changed(sql.INSERT_ORDERS, span))
    updated = _write_parts(run, span)
    merged = len(_changed(sql.ORDERS_OF_BATCH, span))
    counts.orders_created += created
    counts.orders_updated += len(updated)
    counts.orders_unchanged += merged - created - len(updated)
    counts.customers_created += resolved.customers_created
    counts.customers_completed += resolved.customers_completed + completed
    counts.claims_recorded += resolved.claims_recorded
    counts.identities_confirmed += resolved.identities_confirmed


def _write_parts(run: Merge, span: Mapping[str, Any]) -> set[int]:
    """All but the orders themselves; which of those that were there changed by it."""
    _changed(sql.INSERT_PRODUCTS, span)
    _changed(sql.ADD_STATUS, span)
    changed = set(_changed(sql.UPDATE_ORDERS, span))
    only_adds = run.options.is_of_rejected_rows
    changed |= merge_lines(run.source.account, span, only_adds=only_adds)
    for statement in (sql.INSERT_LINES, sql.PAYMENTS, sql.SHIPMENTS):
        changed |= set(_changed(statement, span))
    updated = changed - set(_changed(sql.NEW_ORDERS_OF_BATCH, span))
    _changed(sql.TOUCH_ORDERS, {"orders": list(updated)})
    return updated


def _complete_known(span: Mapping[str, Any]) -> int:
    """What the file knows of customers whose orders are there already."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SELECT_KNOWN, span)
        known = {row[0]: Known(*row[1:]) for row in cursor.fetchall()}
    if not known:
        return 0
    customers = Customer.objects.filter(pk__in=known)
    return complete_customers((one, known[one.pk]) for one in customers)


def _changed(statement: str, values: Mapping[str, Any]) -> list[int]:
    """The numbers of the orders that the statement wrote or found."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def _new_orders(first: int, last: int) -> list[NewOrder]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SELECT_NEW, {"first": first, "last": last})
        return [NewOrder(*row) for row in cursor.fetchall()]


def _note_resolved(resolved: Resolved) -> None:
    values = {
        "seqs": list(resolved.customers),
        "ids": list(resolved.customers.values()),
    }
    tables.execute(sql.SET_CUSTOMERS, values)
    if resolved.conflicts:
        tables.reject_orders(
            "seq = any(%(seqs)s)",
            _("The phone number and the mail address belong to different customers."),
            {"seqs": resolved.conflicts},
        )
