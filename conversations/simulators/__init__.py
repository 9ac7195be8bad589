"""Serves simulated providers on this machine: for the demo, for trying out, for tests.

Each is the `simulator` of its channel and speaks the provider's own protocol over HTTP,
so that the real adapters run. Nothing here is used by the product itself.
"""
