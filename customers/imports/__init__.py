"""Feeds of the account's shop, read as streams: csv → staging table → merge in SQL.

`registry` names the kinds of file, `run` carries one import through, `reading` turns
bytes into cells, `values` cells into values; a kind such as `orders` knows its columns.
"""
