"""Changing what is known about a customer, with who, before and after."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from customers.exceptions import EditConflictError
from customers.models import Customer, MemberRank
from customers.people.live import customer_changed
from customers.people.text import search_key, stored_text

NAMES = ("family_name", "given_name", "family_kana", "given_kana")
COLUMNS = (*NAMES, "rank_id", "caution", "address")
_KEY_LENGTH = 130

# A field by its column, or "attributes.<key>": texts, or the number of a rank.
Values = Mapping[str, Any]


def value_of(customer: Customer, field: str) -> Any:
    """What stands in that field now; an empty text where nothing does."""
    prefix, _dot, key = field.partition(".")
    if prefix == "attributes":
        value = customer.attributes.get(key)
        return "" if value is None else value
    return getattr(customer, field)


@transaction.atomic
def edit_customer(
    customer: Customer,
    *,
    actor: User | None,
    changes: Values,
    seen: Values | None = None,
) -> Customer:
    """Write `changes`; `seen` is what the editor had before them when they began.

    Raises EditConflictError, having written nothing, where somebody else has changed
    one of the same fields to something else meanwhile.
    """
    row = (
        Customer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account", "rank")
        .get(pk=customer.pk)
    )
    changes = {name: _clean(value) for name, value in changes.items()}
    current = {name: value_of(row, name) for name in changes}
    changed = [name for name in changes if not _same(current[name], changes[name])]
    overtaken = [
        name
        for name in changed
        if seen is not None and name in seen and not _same(current[name], seen[name])
    ]
    if overtaken:
        raise EditConflictError(row, overtaken)
    if not changed:
        return row
    before = _readable(row, changed)
    _write(row, {name: changes[name] for name in changed})
    log.record(
        "customer.edited",
        row,
        actor=actor,
        before=before,
        after=_readable(row, changed),
    )
    customer_changed(row)
    return row


@transaction.atomic
def create_customer(
    account: ClientAccount, *, actor: User | None, values: Values
) -> Customer:
    """A new customer of `account`, who has no address yet."""
    customer = Customer(account=account)
    _set(customer, {name: _clean(value) for name, value in values.items()})
    customer.save()
    log.record(
        "customer.created", customer, actor=actor, after=_readable(customer, values)
    )
    return customer


def _clean(value: Any) -> Any:
    return stored_text(value) if isinstance(value, str) else value


def _same(one: Any, other: Any) -> bool:
    """Equal as they are read: the number 23 and the text 23 are."""
    return _text(one) == _text(other)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _write(row: Customer, changes: Values) -> None:
    _set(row, changes)
    row.save(
        update_fields=[
            *COLUMNS[: len(NAMES)],
            "name_key",
            "kana_key",
            "rank",
            "caution",
            "address",
            "attributes",
            "updated_at",
        ]
    )


def _set(row: Customer, changes: Values) -> None:
    attributes = dict(row.attributes)
    for name, value in changes.items():
        prefix, _dot, key = name.partition(".")
        if prefix != "attributes":
            setattr(row, name, value)
        elif _text(value):
            attributes[key] = value
        else:
            attributes.pop(key, None)
    row.attributes = attributes
    row.name_key = search_key(row.family_name + row.given_name)[:_KEY_LENGTH]
    row.kana_key = search_key(row.family_kana + row.given_kana)[:_KEY_LENGTH]


def _readable(row: Customer, fields: Any) -> dict[str, str]:
    """The fields as the audit log shows them: the rank by its name."""
    return {
        name.removesuffix("_id"): _rank_name(row)
        if name == "rank_id"
        else _text(value_of(row, name))
        for name in fields
    }


def _rank_name(row: Customer) -> str:
    rank = MemberRank.objects.filter(pk=row.rank_id).first() if row.rank_id else None
    return rank.name if rank else ""
