"""Customers and their addresses: found, identified, claimed, edited."""
