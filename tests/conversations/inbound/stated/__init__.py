"""Addresses that customers merely state: who is joined, and how they are proved."""
