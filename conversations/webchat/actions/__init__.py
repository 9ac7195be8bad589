"""Visitors: who they are to us, what they write and how far they have read."""
