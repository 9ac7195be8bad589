"""How an inbox reaches its provider: its secrets, sign-in, quota, templates and reach.

Setting an inbox up, and looking after it, is in `inboxes`.
"""
