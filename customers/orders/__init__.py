"""Purchases: orders, carts and where parcels are."""
