"""Feeds of the account's shop, read as streams: csv → staging table → merge in SQL.

`registry` names the kinds of file, `run` carries one import through, `reading` turns
bytes into cells, `mapping` and `orders.yaml` name the columns, `values`, `dates` and
`fillers` turn cells into values; `order_*` are the steps of an order file.
"""
