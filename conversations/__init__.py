"""Threads, channels and calls: one lifelong conversation per customer.

People and their purchases live in `customers`, which never imports this app.
"""
