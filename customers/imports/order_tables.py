"""The staging tables of an order import. They belong to the session and end with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from customers.imports.base import StagedRow

MAX_LINES = 1000  # of one order

# Texts are compared by their bytes: that is quicker, and no two spellings are one.
_STAGED = """
    line int, raw text, store_id bigint, number text collate "C", facts bigint,
    placed_at timestamptz, status text, status_at timestamptz, total bigint,
    subtotal bigint,
    shop text collate "C", phone text collate "C", email text collate "C",
    typed_phone text, typed_email text, extra text,
    family_name text, given_name text, family_kana text, given_kana text, address text,
    name_key text collate "C", kana_key text collate "C",
    payment_method text, payment_status text, paid_at timestamptz,
    carrier text, tracking_number text,
    shipped_at timestamptz, delivered_at timestamptz,
    line_number text collate "C", line_rank bigint,
    sku text collate "C", name text, quantity int, unit_price bigint,
    is_item boolean, with_tax bigint
"""
_COLUMNS = [
    column.split()[0] for column in _STAGED.split(",") if column.split()[0] != "raw"
]
_TIMES = ("placed_at", "status_at", "paid_at", "shipped_at", "delivered_at")
_FACTS = _COLUMNS[_COLUMNS.index("placed_at") : _COLUMNS.index("line_number")]

# The same line of an order twice: told by a number of its own, for people buy the same
# thing twice.
_TWICE = """
    insert into import_rejected
    select line, replace(%(reason)s, '{line}', first::text), raw, number from (
        select line, raw, number, row_number() over same as times,
            min(line) over same as first
        from import_staged where line_number <> ''
        window same as (
            partition by store_id, number, line_number, sku, name, quantity, unit_price
            order by line rows between unbounded preceding and unbounded following)
    ) as staged where times > 1
"""
_GROUP = """
    create temporary table import_group as
    select store_id, number, min(line) as first_line, count(*) as lines,
        min(facts) <> max(facts) as differs,
        sum(quantity * unit_price)::bigint as lines_total,
        (sum(quantity * unit_price) filter (where is_item))::bigint as items_total,
        (sum(with_tax) filter (where is_item))::bigint as taxed_total
    from import_staged group by store_id, number
"""
_TOO_LONG = """
    insert into import_rejected
    select line, %(reason)s, raw, number from import_staged
    join import_group using (store_id, number) where lines > %(most)s
"""
_AT_ODDS = """
    insert into import_rejected
    select line, %(reason)s, raw, number from import_staged join (
        select store_id, number from import_staged
        join import_group using (store_id, number) where differs
        group by store_id, number
        having min(nullif(shop, '')) <> max(nullif(shop, ''))
            or min(nullif(phone, '')) <> max(nullif(phone, ''))
            or min(nullif(email, '')) <> max(nullif(email, ''))
            or min(placed_at) <> max(placed_at)
    ) as at_odds using (store_id, number)
"""
_FORGET_REJECTED = """
    delete from import_staged using import_rejected
    where import_staged.line = import_rejected.line
"""
# What is said of an order: by the first of its lines; what that leaves empty, by the
# first that says it. `is_whole` says that the lines in the file are all it has.
_ORDERS = """
    create temporary table import_order as
    select row_number() over (order by first_line)::int as seq, grouped.store_id,
        grouped.number, {facts}, lines_total, items_total, taxed_total, differs,
        false as is_whole, held.id as order_id, held.customer_id,
        held.id is null as is_new
    from import_group as grouped
    join import_staged as staged on staged.line = first_line
    left join customers_order as held on held.account_id = %(account)s
        and held.store_id = grouped.store_id and held.number = grouped.number
"""
_FILL = """
    update import_order set {assigned} from (
        select store_id, number, {firsts}
        from import_staged join import_group using (store_id, number) where differs
        group by store_id, number
    ) as filled
    where import_order.store_id = filled.store_id and import_order.number = filled.number
"""
_WHOLE = """
    update import_order set is_whole = true
    where not %(is_of_rejected_rows)s and (%(holds_whole_orders)s
        or total in (lines_total, items_total, taxed_total)
        or subtotal in (items_total, taxed_total))
        and number not in (select number from import_rejected)
"""
# What many different people have given is nobody's: the number of a department store,
# the address of whoever keeps the till. The order keeps it as it was written.
_SHARED = """
    update import_order set {name} = '', extra = (
        coalesce(nullif(extra, ''), '{{}}')::jsonb
        || jsonb_build_object(%(title)s::text, {name}))::text
    where {name} in (
        select {name} from import_order where {name} <> '' and name_key <> ''
        group by {name} having count(distinct name_key) > %(most)s)
"""
# An order that is set aside takes all of its lines with it.
_REJECT_ORDERS = """
    with gone as (delete from import_order where {condition} returning seq, number),
    lines as (
        delete from import_line using gone where import_line.seq = gone.seq
        returning line, raw, gone.number)
    insert into import_rejected select line, %(reason)s, raw, number from lines
"""
_LINES = """
    create temporary table import_line as
    select seq, line, raw, sku, staged.name, quantity, unit_price,
        row_number() over (
            partition by seq order by line_rank nulls last, line)::int as position
    from import_staged as staged join import_order using (store_id, number)
"""


@dataclass(frozen=True)
class Options:
    """How the rows of one file are brought together."""

    account_id: int
    shared_limit: int
    holds_whole_orders: bool
    is_of_rejected_rows: bool
    has_line_numbers: bool


def execute(statement: str, values: Mapping[str, Any] | None = None) -> int:
    """Run it; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def create() -> None:
    for name in ("staged", "rejected", "group", "order", "line"):
        execute(f"drop table if exists pg_temp.import_{name}")
    execute(f"create temporary table import_staged ({_STAGED})")
    execute(
        "create temporary table import_rejected"
        " (line int, reason text, raw text, number text)"
    )


def copy(rows: list[StagedRow]) -> None:
    columns = ", ".join(["line", "raw", *_COLUMNS[1:]])
    _copy(f"copy import_staged ({columns}) from stdin", rows)


def copy_rejected(rows: list[StagedRow]) -> None:
    _copy("copy import_rejected (line, reason, raw, number) from stdin", rows)


def _copy(statement: str, rows: list[StagedRow]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def reject_what_is_at_odds(options: Options) -> None:
    """Rows that are each well-formed, but not beside the others."""
    execute("analyze import_staged")
    if options.has_line_numbers:
        reason = _("This line of the order stands in line {line} already.")
        _reject(_TWICE, reason=reason)
    execute(_GROUP)
    execute("analyze import_group")
    _reject(_TOO_LONG, reason=_("The order has too many lines."), most=MAX_LINES)
    reason = _("The lines of this order name different customers or dates.")
    _reject(_AT_ODDS, reason=reason)
    execute(
        "delete from import_group using import_rejected as gone"
        " where import_group.first_line = gone.line"
    )


def _reject(statement: str, **values: Any) -> None:
    if execute(statement, values):
        execute("analyze import_rejected")
        execute(_FORGET_REJECTED)


def group(options: Options) -> int:
    """Orders and lines out of the rows; how many orders there are."""
    execute("create index on import_staged (line)")
    execute("analyze import_staged")
    facts = ", ".join(f"staged.{name}" for name in _FACTS)
    count = execute(_ORDERS.format(facts=facts), {"account": options.account_id})
    execute("analyze import_order")
    _fill()
    execute(
        _WHOLE,
        {
            "is_of_rejected_rows": options.is_of_rejected_rows,
            "holds_whole_orders": options.holds_whole_orders,
        },
    )
    execute("create unique index on import_order (seq)")
    execute(_LINES)
    execute("create index on import_line (seq)")
    execute("analyze import_line")
    execute("drop table import_staged")
    return count


def _fill() -> None:
    """What the first line of an order leaves empty, from the others that say it."""
    assigned = ", ".join(f"{name} = filled.{name}" for name in _FACTS)
    firsts = ", ".join(
        f"(array_agg({name} order by line) filter (where {_is_there(name)}))[1] as {name}"
        if _is_there(name).endswith("null")
        else f"coalesce((array_agg({name} order by line)"
        f" filter (where {_is_there(name)}))[1], '') as {name}"
        for name in _FACTS
    )
    execute(_FILL.format(assigned=assigned, firsts=firsts))


def _is_there(name: str) -> str:
    is_text = name not in (*_TIMES, "total", "subtotal")
    return f"{name} <> ''" if is_text else f"{name} is not null"


def leave_out_shared(options: Options, titles: Mapping[str, str]) -> int:
    """Empty the addresses that too many people have given; in how many orders."""
    return sum(
        execute(
            _SHARED.format(name=name), {"title": title, "most": options.shared_limit}
        )
        for name, title in titles.items()
    )


def reject_orders(
    condition: str, reason: str, values: Mapping[str, Any] | None = None
) -> int:
    """Set aside whole orders with all of their lines; how many lines that were."""
    statement = _REJECT_ORDERS.format(condition=condition)
    return execute(statement, {**(values or {}), "reason": reason})
