"""Providers as they behave, on this machine: for the demo, for trying out, for tests.

Each speaks its provider's own protocol over HTTP, so that the real adapters run.
Nothing here is used by the product itself.
"""
