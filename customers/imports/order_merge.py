"""From the staging tables into the account, a few hundred orders at a time.

Every batch is a transaction of its own: an import that was killed is simply run again.
What is the same already is not touched, so that a second run writes nothing.
"""

import time
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.models import ClientAccount
from customers.imports import order_sql as sql
from customers.imports import order_tables as tables
from customers.imports.base import Counts, Progress
from customers.imports.order_customers import NewOrder, Resolved, resolve

BATCH = 500
_TRIES = 4


def merge(account: ClientAccount, counts: Counts, progress: Progress) -> None:
    tables.reject_what_is_at_odds()
    total = tables.group(account.pk)
    started = time.monotonic()
    for first in range(1, total + 1, BATCH):
        last = min(first + BATCH - 1, total)
        _merge_batch(account, first, last, counts)
        rate = last / max(time.monotonic() - started, 0.001)
        progress(
            _("%(done)s of %(total)s orders (%(rate)s a second)")
            % {"done": last, "total": total, "rate": round(rate)}
        )


def _merge_batch(account: ClientAccount, first: int, last: int, counts: Counts) -> None:
    """Tried again where somebody else wrote the same addresses at the same moment."""
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                _write_batch(account, first, last, counts)
            return
        except (IntegrityError, OperationalError):
            if attempt == _TRIES:
                raise
            time.sleep(0.05 * attempt)


def _write_batch(account: ClientAccount, first: int, last: int, counts: Counts) -> None:
    resolved = resolve(account, _new_orders(first, last))
    _note_resolved(resolved)
    span = {"account": account.pk, "first": first, "last": last}
    created = len(_changed(sql.INSERT_ORDERS, span))
    _changed(sql.INSERT_PRODUCTS, span)
    _changed(sql.ADD_STATUS, span)
    changed = set(_changed(sql.UPDATE_ORDERS, span))
    changed |= set(_changed(sql.DELETE_OTHER_LINES, span))
    changed |= set(_changed(sql.INSERT_LINES, span))
    for statement in (sql.PAYMENTS, sql.SHIPMENTS):
        changed |= set(_changed(statement, span))
    new = set(_changed(sql.NEW_ORDERS_OF_BATCH, span))
    updated = changed - new
    _changed(sql.TOUCH_ORDERS, {"orders": list(updated)})
    merged = len(_changed(sql.ORDERS_OF_BATCH, span))
    counts.orders_created += created
    counts.orders_updated += len(updated)
    counts.orders_unchanged += merged - created - len(updated)
    counts.customers_created += resolved.customers_created


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
    tables.execute_named(sql.SET_CUSTOMERS, values)
    if not resolved.conflicts:
        return
    reason = _("The phone number and the mail address belong to different customers.")
    rejected = {"reason": reason, "seqs": resolved.conflicts}
    for statement in (sql.REJECT_LINES, sql.FORGET_LINES, sql.FORGET_ORDERS):
        tables.execute_named(statement, rejected)
