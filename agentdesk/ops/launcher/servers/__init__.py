"""The private PostgreSQL and Valkey: start, stop, recover.

What runs beside them (web, worker, beat) is kept by `agentdesk.ops.launcher`.
"""
