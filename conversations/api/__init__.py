"""The HTTP API other systems call: /api/v1/, described at /api/v1/docs.

Nothing for browsers of ours lives here.
"""
