"""Writing to customers: drafts, replies, notes, templates, checks before sending.

How a reply leaves is in `outbound`.
"""
