"""Measures the figures of the design on seeded data, with the real processes.

Everything is bounded in time and count; nothing here is imported by the product.
"""
