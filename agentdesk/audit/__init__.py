"""The append-only record of every change: who, what, on what, when, from where.

Entries are written inside actions with `log.record`; nothing here changes rows.
"""
