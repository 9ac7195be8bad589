"""Filters of the audit page."""
