"""The statements of one batch of orders: seq between first and last.

Each returns the numbers of the orders it touched. An empty text in the file means
"not said": it never empties what is there.
"""
# ruff: noqa: S608  # put together from the constants of this module only

_BATCH = "seq between %(first)s and %(last)s"

SELECT_NEW = f"""
    select seq, store_id, shop, phone, email, typed_phone, typed_email,
        family_name, given_name, family_kana, given_kana, address, name_key, kana_key
    from import_order where is_new and {_BATCH} order by seq
"""
SET_CUSTOMERS = """
    update import_order set customer_id = found.customer
    from unnest(%(seqs)s::int[], %(ids)s::bigint[]) as found (seq, customer)
    where import_order.seq = found.seq
"""

# Somebody else has an order of this number already: another member; or neither the name
# nor an address that both have is the same. An address is compared where both have one.
_HAS = """
    exists (select from {table} as known where known.customer_id = held.id
        and known.kind = '{kind}' {also})
"""


def _has_address(kind: str, *, same: bool) -> str:
    """Whether the customer has an address of that kind, or the one in the file."""
    also = f"and known.value = import_order.{kind}" if same else ""
    tables = ("customers_identity", "customers_claim")
    ways = (_HAS.format(table=table, kind=kind, also=also) for table in tables)
    return f"({kind} <> '' and ({' or '.join(ways)}))"


def _has_another(kind: str) -> str:
    """Both have one of that kind, and none of the customer's is the file's."""
    same = _has_address(kind, same=True)
    return f"({_has_address(kind, same=False)} and not {same})"


_HAS_NUMBER = _HAS.format(table="customers_identity", kind="shop", also="{also}")
_OTHER_MEMBER = f"""
    (shop <> '' and {_HAS_NUMBER.format(also="and known.scope in ('', (select code from customers_store where customers_store.id = import_order.store_id))")}
        and not {_HAS_NUMBER.format(also="and known.value = import_order.shop")})
"""
_OTHER_NAME = """
    (import_order.name_key <> '' and held.name_key <> ''
        and not starts_with(import_order.name_key, held.name_key)
        and not starts_with(held.name_key, import_order.name_key)
        and (import_order.kana_key = '' or import_order.kana_key <> held.kana_key))
"""
OF_ANOTHER_PERSON = f"""
    not is_new and exists (
        select from customers_customer as held where held.id = import_order.customer_id
        and ({_OTHER_MEMBER} or {_OTHER_NAME} and (
            {_has_another("email")}
            or {_has_another("phone")} and not {_has_address("email", same=True)})))
"""

# What the file knows of the customers of orders that are there already. What a member
# has edited is left as it is, for they may have emptied it.
SELECT_KNOWN = f"""
    select distinct on (held.id) held.id, import_order.family_name,
        import_order.given_name, import_order.family_kana, import_order.given_kana,
        import_order.address
    from import_order join customers_customer as held on held.id = customer_id
    where not is_new and {_BATCH} and not {_OTHER_NAME} and (
        held.family_name || held.given_name = ''
            and import_order.family_name || import_order.given_name <> ''
        or held.family_kana || held.given_kana = ''
            and import_order.family_kana || import_order.given_kana <> ''
        or held.address = '' and import_order.address <> '')
    and not exists (
        select from audit_auditentry as entry
        where entry.target_type = 'customers.customer' and entry.target_id = held.id
            and entry.action = 'customer.edited' and entry.actor_id is not null)
    order by held.id, seq desc
"""

# A status that the file does not say: placed online, completed at the till.
INSERT_ORDERS = f"""
    with written as (
        insert into customers_order
            (account_id, customer_id, store_id, number, placed_at, status, total,
             unread_cells, updated_at)
        select %(account)s, customer_id, store_id, number, placed_at,
            coalesce(nullif(status, ''), case (
                select kind from customers_store where id = store_id
            ) when 'physical' then 'completed' else 'placed' end),
            coalesce(total, lines_total), coalesce(nullif(extra, ''), '{{}}')::jsonb, now()
        from import_order where is_new and {_BATCH} order by seq
        returning id, store_id, number
    )
    update import_order set order_id = written.id from written
    where import_order.store_id = written.store_id
        and import_order.number = written.number
    returning import_order.order_id
"""
NEW_ORDERS_OF_BATCH = f"select order_id from import_order where is_new and {_BATCH}"
ORDERS_OF_BATCH = f"select order_id from import_order where {_BATCH}"

INSERT_PRODUCTS = f"""
    insert into customers_product (account_id, sku, name, price)
    select distinct on (sku) %(account)s, sku, name, greatest(unit_price, 0)
    from import_line where sku <> '' and {_BATCH} order by sku, line desc
    on conflict do nothing returning id
"""

# An older file must not take an order back: a status counts when it is newer.
_NEWER = """
    (status_at is null or status_at >= coalesce(
        (select max(at) from customers_orderstatuschange as change
         where change.order_id = import_order.order_id), status_at))
"""
ADD_STATUS = f"""
    insert into customers_orderstatuschange (account_id, order_id, status, at)
    select %(account)s, order_id, 'placed', placed_at
    from import_order where is_new and {_BATCH}
    union
    select %(account)s, order_id, held.status, coalesce(
        import_order.status_at,
        case held.status when 'shipped' then shipped_at
            when 'delivered' then delivered_at end,
        import_order.placed_at)
    from import_order join customers_order as held on held.id = order_id
    where is_new and {_BATCH} and held.status <> 'placed'
    union
    select %(account)s, order_id, import_order.status, coalesce(
        import_order.status_at,
        case import_order.status when 'shipped' then shipped_at
            when 'delivered' then delivered_at end,
        now())
    from import_order join customers_order as held on held.id = order_id
    where not is_new and {_BATCH} and import_order.status <> ''
        and import_order.status <> held.status and {_NEWER}
    on conflict do nothing returning order_id
"""
UPDATE_ORDERS = f"""
    update customers_order as held
    set status = wanted.status, total = wanted.total, placed_at = wanted.placed_at
    from (
        select import_order.order_id, coalesce(import_order.total, now_there.total) as total,
            coalesce(import_order.placed_at, now_there.placed_at) as placed_at,
            case when import_order.status <> '' and (
                import_order.status_at is null or exists (
                    select from customers_orderstatuschange as change
                    where change.order_id = import_order.order_id
                        and change.status = import_order.status
                        and change.at = import_order.status_at)
                and not exists (
                    select from customers_orderstatuschange as change
                    where change.order_id = import_order.order_id
                        and change.at > import_order.status_at))
            then import_order.status else now_there.status end as status
        from import_order join customers_order as now_there on now_there.id = order_id
        where not is_new and {_BATCH}
    ) as wanted
    where held.id = wanted.order_id and (held.status, held.total, held.placed_at)
        is distinct from (wanted.status, wanted.total, wanted.placed_at)
    returning held.id
"""
TOUCH_ORDERS = """
    update customers_order set updated_at = now() where id = any(%(orders)s) returning id
"""

_WANTED_LINES = f"""
    select order_id, is_whole, import_line.position, import_line.name,
        import_line.quantity, import_line.unit_price, product.id as product_id
    from import_line
    join import_order using (seq)
    left join customers_product as product
        on product.account_id = %(account)s and product.sku = import_line.sku
    where {_BATCH}
"""
DIFFERING_LINES = f"""
    with wanted as ({_WANTED_LINES} and not is_new), differing as (
        select order_id from (
            select order_id, array_agg(
                row(name, quantity, unit_price, product_id)::text order by position
            ) as lines from wanted group by order_id
        ) as wanted join (
            select order_id, array_agg(
                row(name, quantity, unit_price, product_id)::text order by position
            ) as lines from customers_orderline
            where order_id in (select order_id from wanted) group by order_id
        ) as held using (order_id)
        where wanted.lines <> held.lines
    )
    select order_id, is_whole, name, quantity, unit_price, product_id
    from wanted join differing using (order_id) order by order_id, position
"""
# Where the file does not say the total, and it was the sum of the lines: so it stays.
ADD_UP = """
    update customers_order as held set total = added.total
    from unnest(%(orders)s::bigint[], %(totals)s::bigint[], %(before)s::bigint[])
        as added (id, total, before), import_order
    where held.id = added.id and import_order.order_id = held.id
        and import_order.total is null and held.total = added.before
        and held.total <> added.total
    returning held.id
"""
INSERT_LINES = f"""
    with written as (
        insert into customers_orderline
            (account_id, order_id, position, name, quantity, unit_price, product_id)
        select %(account)s, order_id, position, name, quantity, unit_price, product_id
        from ({_WANTED_LINES}) as line
        where not exists (
            select from customers_orderline as held
            where held.order_id = line.order_id)
        order by order_id, position
        returning order_id
    )
    select distinct order_id from written
"""

PAYMENTS = f"""
    insert into customers_payment as held (account_id, order_id, method, status, paid_at)
    select %(account)s, order_id, payment_method,
        coalesce(nullif(payment_status, ''), (
            select status from customers_payment as before
            where before.order_id = import_order.order_id), 'unpaid'), paid_at
    from import_order
    where {_BATCH} and (payment_method <> '' or payment_status <> '')
    on conflict (order_id) do update set
        method = coalesce(nullif(excluded.method, ''), held.method),
        status = excluded.status,
        paid_at = coalesce(excluded.paid_at, held.paid_at)
    where (held.method, held.status, held.paid_at) is distinct from (
        coalesce(nullif(excluded.method, ''), held.method), excluded.status,
        coalesce(excluded.paid_at, held.paid_at))
    returning order_id
"""
SHIPMENTS = f"""
    insert into customers_shipment as held
        (account_id, order_id, carrier, tracking_number, shipped_at, delivered_at)
    select %(account)s, order_id, carrier, tracking_number, shipped_at, delivered_at
    from import_order
    where {_BATCH} and (carrier <> '' or tracking_number <> ''
        or shipped_at is not null or delivered_at is not null)
    on conflict (order_id) do update set
        carrier = coalesce(nullif(excluded.carrier, ''), held.carrier),
        tracking_number =
            coalesce(nullif(excluded.tracking_number, ''), held.tracking_number),
        shipped_at = coalesce(excluded.shipped_at, held.shipped_at),
        delivered_at = coalesce(excluded.delivered_at, held.delivered_at)
    where (held.carrier, held.tracking_number, held.shipped_at, held.delivered_at)
        is distinct from (
            coalesce(nullif(excluded.carrier, ''), held.carrier),
            coalesce(nullif(excluded.tracking_number, ''), held.tracking_number),
            coalesce(excluded.shipped_at, held.shipped_at),
            coalesce(excluded.delivered_at, held.delivered_at))
    returning order_id
"""
