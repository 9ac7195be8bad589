"""The staging tables of an order import. They belong to the session and end with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from customers.imports.base import StagedRow

MAX_LINES = 1000  # of one order

_STAGED = """
    line int, raw text, store_id bigint, number text,
    placed_at timestamptz, status text, status_at timestamptz, total bigint,
    shop text, phone text, email text, family_name text, given_name text,
    family_kana text, given_kana text, address text,
    payment_method text, payment_status text, paid_at timestamptz,
    carrier text, tracking_number text,
    shipped_at timestamptz, delivered_at timestamptz,
    line_number int, sku text, name text, quantity int, unit_price bigint
"""
_COLUMNS = ", ".join(column.split()[0] for column in _STAGED.split(","))

# The same line of an order twice, with or without a number of its own.
_TWICE = """
    insert into import_rejected
    select line, replace(%s, '{line}', first::text), raw from (
        select line, raw, row_number() over same as times, min(line) over same as first
        from import_staged
        window same as (
            partition by store_id, number,
                coalesce(line_number::text, concat_ws('|', sku, name, quantity, unit_price))
            order by line rows between unbounded preceding and unbounded following)
    ) as staged where times > 1
"""
_AT_ODDS = """
    insert into import_rejected
    select line, %s, raw from import_staged join (
        select store_id, number from import_staged group by 1, 2
        having count(distinct (shop, phone, email)) > 1 or count(distinct placed_at) > 1
    ) as at_odds using (store_id, number)
"""
_TOO_LONG = """
    insert into import_rejected
    select line, %s, raw from import_staged join (
        select store_id, number from import_staged group by 1, 2 having count(*) > %s
    ) as too_long using (store_id, number)
"""
_FORGET_REJECTED = """
    delete from import_staged using import_rejected
    where import_staged.line = import_rejected.line
"""
# What is said of the order is taken from the last of its lines.
_ORDERS = """
    create temporary table import_order as
    select row_number() over (order by first_line)::int as seq, staged.store_id,
        staged.number, placed_at, staged.status, status_at,
        coalesce(staged.total, lines_total) as total,
        shop, phone, email, family_name, given_name, family_kana, given_kana, address,
        payment_method, payment_status, paid_at, carrier, tracking_number, shipped_at,
        delivered_at, held_id as order_id, null::bigint as customer_id,
        held_id is null as is_new
    from (
        select store_id, number, min(line) as first_line, max(line) as last_line,
            sum(quantity * unit_price)::bigint as lines_total
        from import_staged group by 1, 2
    ) as grouped
    join import_staged as staged on staged.line = last_line
    left join (
        select id as held_id, store_id, number from customers_order where account_id = %s
    ) as held on held.store_id = staged.store_id and held.number = staged.number
"""
_LINES = """
    create temporary table import_line as
    select seq, line, raw, sku, name, quantity, unit_price,
        row_number() over (
            partition by seq order by line_number nulls last, line)::int as position
    from import_staged join import_order using (store_id, number)
"""


def execute(statement: str, values: Sequence[Any] = ()) -> int:
    """Run it; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def execute_named(statement: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def create() -> None:
    for name in ("import_staged", "import_rejected", "import_order", "import_line"):
        execute(f"drop table if exists pg_temp.{name}")
    execute(f"create temporary table import_staged ({_STAGED})")
    execute("create temporary table import_rejected (line int, reason text, raw text)")


def copy(rows: list[StagedRow]) -> None:
    _copy(f"copy import_staged ({_COLUMNS}) from stdin", rows)


def copy_rejected(rows: list[StagedRow]) -> None:
    _copy("copy import_rejected (line, reason, raw) from stdin", rows)


def _copy(statement: str, rows: list[StagedRow]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def reject_what_is_at_odds() -> None:
    """Rows that are each well-formed, but not beside the others."""
    execute("analyze import_staged")
    for statement, values in (
        (_TWICE, [_("This line of the order stands in line {line} already.")]),
        (_TOO_LONG, [_("The order has too many lines."), MAX_LINES]),
        (
            _AT_ODDS,
            [_("The lines of this order name different customers or dates.")],
        ),
    ):
        execute(statement, values)
        execute("analyze import_rejected")
        execute(_FORGET_REJECTED)


def group(account_id: int) -> int:
    """Orders and lines out of the rows; how many orders there are."""
    execute("create index on import_staged (store_id, number)")
    execute("create index on import_staged (line)")
    execute("analyze import_staged")
    count = execute(_ORDERS, [account_id])
    execute("create index on import_order (seq)")
    execute("analyze import_order")
    execute(_LINES)
    execute("create index on import_line (seq)")
    execute("analyze import_line")
    execute("drop table import_staged")
    return count
