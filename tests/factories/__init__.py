"""Rows for tests, one module per app."""
