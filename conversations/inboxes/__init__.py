"""Inboxes as admins see them: set up, connected, looked after, their quarantine.

What every message needs of an inbox is in `connections`.
"""
